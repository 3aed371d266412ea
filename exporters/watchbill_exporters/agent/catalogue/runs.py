"""Runs of agents: what the OTLP feed fills."""

from watchbill_exporters.agent.catalogue.bounds import A, N, W
from watchbill_exporters.core.memory.tally.family import counter, gauge, histogram

OUTCOMES = ("success", "error", "cancelled", "timeout", "limit", "handoff")
LIMITS = ("tool_calls", "model_calls", "tokens", "cost", "wall_clock", "recursion")
CATEGORIES = ("pii", "unsafe_tool", "injection", "other")
ACTIONS = ("allow", "block", "redact", "flag")

RUNS = counter("agent_runs_total", "Finished runs.", "agent", outcome=OUTCOMES)
RUN_DURATION = histogram(
    "agent_run_duration_seconds", "Duration of runs, from the root span.", A, "agent", outcome=OUTCOMES
)
RUN_ERRORS = counter("agent_run_errors_total", "Runs that ended in an error, by its type.", "agent", "error_type")
RUNS_IN_PROGRESS = gauge(
    "agent_runs_in_progress", "Runs seen of which the root span has not ended.", "agent", "graph_version"
)
OLDEST_RUN = gauge(
    "agent_run_oldest_active_start_timestamp_seconds", "Start of the oldest run in progress; absent without one.",
    "agent",
)  # fmt: skip
SUBAGENT_RUNS = counter(
    "agent_subagent_runs_total", "Runs of subagents inside of a run.", "agent", "subagent", outcome=OUTCOMES
)
TOOL_CALLS_PER_RUN = histogram("agent_tool_calls_per_run", "Tool calls in one run.", N, "agent")
MODEL_CALLS_PER_RUN = histogram("agent_model_calls_per_run", "Model calls in one run.", N, "agent")
LIMIT_HITS = counter("agent_limit_hits_total", "Limits that a run ran into.", "agent", limit=LIMITS)
FALLBACKS = counter("agent_model_fallbacks_total", "Changes to another model in a run.", "agent", "reason")
GUARDRAIL_ACTIONS = counter(
    "agent_guardrail_actions_total", "What guardrails and middleware did.", "guardrail",
    category=CATEGORIES, action=ACTIONS,
)  # fmt: skip
ESCALATIONS = counter("agent_escalations_total", "Runs handed to a person.", "agent", "reason")
TIME_TO_RESOLUTION = histogram(
    "agent_time_to_resolution_seconds", "From the user's request to its resolution.", W, "agent"
)

FAMILIES = (
    RUNS,
    RUN_DURATION,
    RUN_ERRORS,
    RUNS_IN_PROGRESS,
    OLDEST_RUN,
    SUBAGENT_RUNS,
    TOOL_CALLS_PER_RUN,
    MODEL_CALLS_PER_RUN,
    LIMIT_HITS,
    FALLBACKS,
    GUARDRAIL_ACTIONS,
    ESCALATIONS,
    TIME_TO_RESOLUTION,
)
