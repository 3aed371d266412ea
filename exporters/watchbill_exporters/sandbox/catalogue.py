"""Every family of the sandbox exporter, in the order of the page."""

from watchbill_exporters.core.memory.catalogue import Catalogue
from watchbill_exporters.core.memory.tally.family import counter, gauge, histogram

STATES = ("starting", "running", "paused", "stopping")
LAUNCHES = ("warm", "cold")
REASONS = ("completed", "error", "oom", "timeout", "killed", "other")
FAILURES = ("image", "capacity", "quota", "network", "timeout", "other")
START_BOUNDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)

SANDBOXES = gauge("sandboxes", "Sandboxes there are.", "pool", "runtime", state=STATES)
STARTS = counter("sandbox_starts_total", "Sandboxes that came up.", "pool", "runtime")
START_FAILURES = counter(
    "sandbox_start_failures_total", "Sandboxes that did not come up.", "pool", "runtime", reason=FAILURES
)
START_DURATION = histogram(
    "sandbox_start_duration_seconds", "From the request, or from creation, until it runs.", START_BOUNDS, "pool",
    launch=LAUNCHES,
)  # fmt: skip
RUNNING_SECONDS = counter("sandbox_running_seconds_total", "Time sandboxes ran; a sixtieth is minutes.", "pool")
PAUSED_SECONDS = counter("sandbox_paused_seconds_total", "Time sandboxes were paused.", "pool")
CPU_SECONDS = counter("sandbox_cpu_seconds_total", "CPU time of sandboxes, removed ones included.", "pool")
MEMORY = gauge("sandbox_memory_bytes", "Memory sandboxes use.", "pool")
MEMORY_LIMIT = gauge("sandbox_memory_limit_bytes", "Memory the pool may use.", "pool")
CAPACITY = gauge("sandbox_pool_capacity", "Sandboxes the pool has room for, as configured.", "pool")
EXITS = counter("sandbox_exits_total", "Sandboxes that ended.", "pool", reason=REASONS)
OOM_KILLS = counter("sandbox_oom_kills_total", "Kills for memory in sandboxes.", "pool")
OLDEST_START = gauge(
    "sandbox_oldest_start_timestamp_seconds", "When the oldest sandbox that is still there came up.", "pool"
)
EVENTS = counter("sandbox_exporter_events_total", "Events of container daemons.", result=("taken", "ignored", "again"))
CORRECTIONS = counter(
    "sandbox_exporter_corrections_total", "Sandboxes whose start or end no event told, found by listing.",
    missed=("start", "end"),
)  # fmt: skip

INPUTS = ("lifecycle",)
COUNTED = (STARTS, START_FAILURES, START_DURATION, RUNNING_SECONDS, PAUSED_SECONDS, EXITS, OOM_KILLS)
"""What the ledger counts: it starts at 0 for every pool of the config."""

CATALOGUE = Catalogue.of(
    "sandbox",
    (
        SANDBOXES, STARTS, START_FAILURES, START_DURATION, RUNNING_SECONDS, PAUSED_SECONDS, CPU_SECONDS, MEMORY,
        MEMORY_LIMIT, CAPACITY, EXITS, OOM_KILLS, OLDEST_START, EVENTS, CORRECTIONS,
    ),
    INPUTS,
)  # fmt: skip
FAMILIES = CATALOGUE.families
