"""Evaluations and experiments."""

from watchbill_exporters.agent.catalogue.bounds import SCORE
from watchbill_exporters.agent.catalogue.runs import OUTCOMES
from watchbill_exporters.core.memory.tally.family import Family, Kind, counter, gauge, histogram

VERDICTS = ("pass", "fail", "error", "na")
MODES = ("offline", "online")
DECISIONS = ("sampled", "skipped", "error")
BUCKETS = tuple(str(bucket) for bucket in range(32))

EVAL_RESULTS = counter(
    "agent_eval_results_total", "Verdicts of evaluators.", "suite", "evaluator", verdict=VERDICTS, mode=MODES
)
EVAL_SCORE = histogram("agent_eval_score", "Scores of evaluators, from 0 to 1.", SCORE, "suite", "evaluator")
EVAL_LAST_RUN = gauge("agent_eval_last_run_timestamp_seconds", "When a suite last gave a result.", "suite")
EVAL_CANDIDATES = counter(
    "agent_eval_candidates_total", "Runs that could have been evaluated online.", decision=DECISIONS
)
JUDGE_AGREEMENT = gauge(
    "agent_judge_agreement_ratio", "Share of human labels with which an evaluator agrees.", "evaluator"
)
EXPERIMENT_TASKS = Family(
    "agent_experiment_tasks_total", Kind.COUNTER, "Tasks of an experiment, by hash bucket of what was randomised.",
    ("experiment", "variant", "bucket", "outcome"), {"bucket": BUCKETS, "outcome": OUTCOMES},
)  # fmt: skip
EXPERIMENT_COST = counter(
    "agent_experiment_cost_usd_total", "Cost of the tasks of an experiment.", "experiment", "variant", bucket=BUCKETS
)
EXPERIMENT_RESOLUTIONS = counter(
    "agent_experiment_resolutions_total", "Tasks of an experiment of which the time to resolution is known.",
    "experiment", "variant", bucket=BUCKETS,
)  # fmt: skip
EXPERIMENT_RESOLUTION_SECONDS = counter(
    "agent_experiment_resolution_seconds_total", "Time to resolution of these tasks, added up.",
    "experiment", "variant", bucket=BUCKETS,
)  # fmt: skip
EXPERIMENT_GUARDRAILS = counter(
    "agent_experiment_guardrail_events_total", "Guardrail events in tasks of an experiment.",
    "experiment", "variant", "guardrail",
)  # fmt: skip

FAMILIES = (
    EVAL_RESULTS,
    EVAL_SCORE,
    EVAL_LAST_RUN,
    EVAL_CANDIDATES,
    JUDGE_AGREEMENT,
    EXPERIMENT_TASKS,
    EXPERIMENT_COST,
    EXPERIMENT_RESOLUTIONS,
    EXPERIMENT_RESOLUTION_SECONDS,
    EXPERIMENT_GUARDRAILS,
)
