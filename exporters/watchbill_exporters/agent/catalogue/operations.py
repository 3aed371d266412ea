"""Incidents, the loop of improvement, releases."""

from watchbill_exporters.core.memory.tally.family import counter, gauge

SOURCES = ("user", "alert", "eval")
HAS_TRACE = ("true", "false")
STAGES = ("trace", "diagnosis", "change", "deploy", "eval")
POLICIES = ("finish", "migrate", "cancel")

INCIDENTS = counter("agent_incidents_total", "Incidents reported.", source=SOURCES, has_trace=HAS_TRACE)
OLDEST_STAGE = gauge(
    "agent_improvement_stage_oldest_timestamp_seconds", "Since when the oldest open item waits in a stage.",
    stage=STAGES,
)  # fmt: skip
RELEASE_INFO = gauge(
    "agent_release_info", "What is deployed.", "agent", "release", "graph_version", "prompt_version", "toolset_version"
)
DEPLOY_ACTIONS = counter(
    "agent_deploy_run_actions_total", "What a deploy did to runs under way.", "result", "user_notified",
    policy=POLICIES,
)  # fmt: skip
MIGRATIONS = counter("agent_checkpoint_migrations_total", "Migrations of checkpoints.", "result")

FAMILIES = (INCIDENTS, OLDEST_STAGE, RELEASE_INFO, DEPLOY_ACTIONS, MIGRATIONS)
