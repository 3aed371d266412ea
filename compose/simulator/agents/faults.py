"""What can go wrong with agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.fault import Fault, changing
from compose.simulator.names import OLD_GRAPH

if TYPE_CHECKING:
    from compose.simulator.agents.conduct import Conduct

_RUNS = ("RunSuccessBudgetBurnFast", "ConversationBudgetBurnFast")


def faults(conduct: Conduct) -> tuple[Fault, ...]:
    return (
        changing(conduct, "runs-fail", "Most runs end in an error.", _RUNS, runs_fail=0.8),
        changing(conduct, "runs-time-out", "Most runs end in a timeout.", _RUNS, runs_time_out=0.8),
        changing(conduct, "runs-hit-limits", "Most runs end at the recursion limit.", _RUNS, runs_hit_limits=0.8),
        changing(
            conduct, "first-token-late", "The first token takes twelve times as long.", ("FirstTokenBudgetBurnFast",),
            first_token_seconds=4.2,
        ),
        changing(conduct, "tools-fail", "Most tool calls fail.", ("ToolCallsBudgetBurnFast",), tools_fail=0.9),
        changing(conduct, "tools-denied", "Half of the tool calls are denied.", (), tools_denied=0.5),
        changing(conduct, "cost-times-ten", "Prompts are ten times as long, and so is the bill.", (), tokens=10),
        changing(conduct, "guardrails-block", "Guardrails block half of the runs.", (), guardrail_blocks=0.5),
        changing(conduct, "models-fall-back", "Half of the calls go to the second model.", (), falls_back=0.5),
        changing(conduct, "graph-held", "A deploy is stuck: runs stay on the old graph version.", (), graph=OLD_GRAPH),
        changing(conduct, "traffic-stops", "No user starts a run; the alert for it looks at an hour.", (), pace=0.0),
    )  # fmt: skip
