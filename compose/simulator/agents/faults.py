"""What can go wrong with agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.fault import Fault, changing
from compose.simulator.names import OLD_GRAPH

if TYPE_CHECKING:
    from compose.simulator.agents.conduct import Conduct

_RUNS = ("RunSuccessBudgetBurnFast", "ConversationBudgetBurnFast")
_LATE = ("FirstTokenBudgetBurnFast", "ConversationBudgetBurnFast")
_RUNAWAY = (
    "ModelSpendBurnFast", "ModelSpendLimitBurnFast", "ModelSpendExhaustionSoon", "ModelSpendAnomaly",
    "ModelSpendLimitPace150", "ModelSpendLimitSpent95", "ModelSpendLimitSpent100", "ModelSpendExhausted",
)  # fmt: skip
_TENFOLD = ("ModelSpendBurnSustained", "ModelSpendAnomaly", "ModelSpendForecastExceeds", "ModelSpendLimitPace150")
_LOOP = (
    "ModelCallsBurnFast", "ModelCallsLimitForecast110", "ModelCallsExhaustionSoon", "ModelCallsAnomaly",
    "ModelCallsExhausted",
)  # fmt: skip
_SILENCE = (
    "RunSuccessTrafficCollapse", "FirstTokenTrafficCollapse", "ToolCallsTrafficCollapse", "ConversationTrafficCollapse"
)  # fmt: skip
DEAREST, UNKNOWN = ("openai", "o1-pro"), ("acme", "brand-new-model")


def faults(conduct: Conduct) -> tuple[Fault, ...]:
    return (
        changing(conduct, "runs-fail", "Most runs end in an error.", _RUNS, runs_fail=0.8),
        changing(conduct, "runs-time-out", "Most runs end in a timeout.", _RUNS, runs_time_out=0.8),
        changing(conduct, "runs-hit-limits", "Most runs end at the recursion limit.", _RUNS, runs_hit_limits=0.8),
        changing(
            conduct, "first-token-late", "The first token takes twelve times as long.", _LATE,
            first_token_seconds=4.2,
        ),
        changing(conduct, "tools-fail", "Most tool calls fail.", ("ToolCallsBudgetBurnFast",), tools_fail=0.9),
        changing(conduct, "tools-denied", "Half of the tool calls are denied.", (), tools_denied=0.5),
        changing(
            conduct, "cost-runaway", "A router sends all calls to the dearest model, with four times the context.",
            _RUNAWAY, only=DEAREST, tokens=4,
        ),
        changing(conduct, "cost-times-ten", "Prompts are ten times as long, and so is the bill.", _TENFOLD, tokens=10),
        changing(
            conduct, "model-without-price", "All calls go to a model that has no price yet.", ("ModelSpendUnpriced",),
            only=UNKNOWN,
        ),
        changing(conduct, "calls-loop", "An agent calls its model in a loop, and a cache answers.", _LOOP, loops=True),
        changing(conduct, "guardrails-block", "Guardrails block half of the runs.", (), guardrail_blocks=0.5),
        changing(conduct, "models-fall-back", "Half of the calls go to the second model.", (), falls_back=0.5),
        changing(conduct, "graph-held", "A deploy is stuck: runs stay on the old graph version.", (), graph=OLD_GRAPH),
        changing(conduct, "traffic-stops", "No user starts a run; alerts for it look at an hour.", _SILENCE, pace=0.0),
    )  # fmt: skip
