"""Snapshot -> families, the same for all sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.memory.tally.snapshot import described as described_of
from watchbill_exporters.core.memory.tally.snapshot import metric
from watchbill_exporters.queue import catalogue as c
from watchbill_exporters.queue.snapshot import Distribution, Queue, Schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client import Metric

    from watchbill_exporters.core.memory.tally import Family
    from watchbill_exporters.queue.snapshot import Snapshot

Value = float | Distribution | None
QUEUE_VALUES: tuple[tuple[Family, Callable[[Queue], Value]], ...] = (
    (c.OLDEST_READY, lambda queue: queue.oldest_ready),
    (c.AGE_EXACT, lambda queue: None if queue.age_exact is None else float(queue.age_exact)),
    (c.OLDEST_RUNNING, lambda queue: queue.oldest_running),
    (c.ENQUEUED, lambda queue: queue.enqueued),
    (c.FINISHED, lambda queue: queue.finished),
    (c.FAILED, lambda queue: queue.failed),
    (c.RETRIED, lambda queue: queue.retried),
    (c.WAIT, lambda queue: queue.wait),
    (c.RUN, lambda queue: queue.run),
    (c.WORKERS, lambda queue: queue.workers),
    (c.STALLED, lambda queue: queue.stalled),
)
SCHEDULE_VALUES: tuple[tuple[Family, Callable[[Schedule], Value]], ...] = (
    (c.LAST_FIRED, lambda schedule: schedule.last_fired),
    (c.NEXT_DUE, lambda schedule: schedule.next_due),
    (c.FANOUT, lambda schedule: schedule.fanout),
    (c.MISSED, lambda schedule: schedule.missed),
)


def described() -> Iterable[Metric]:
    return described_of(c.FAMILIES)


def families(snapshot: Snapshot) -> Iterable[Metric]:
    """Return the families that have samples, in the catalogue's order."""
    out = {family.name: metric(family) for family in c.FAMILIES}
    for queue in snapshot.queues:
        for state, jobs in queue.jobs.items():
            _add(out[c.QUEUE_JOBS.name], {"queue": queue.name, "state": state.value}, jobs)
        for slot, places in queue.slots.items():
            _add(out[c.SLOTS.name], {"queue": queue.name, "state": slot.value}, places)
        for family, value_of in QUEUE_VALUES:
            _add(out[family.name], {"queue": queue.name}, value_of(queue))
    for schedule in snapshot.schedules:
        for family, due in SCHEDULE_VALUES:
            _add(out[family.name], {"schedule": schedule.name}, due(schedule))
    return [family for family in out.values() if family.samples]


def _add(family: Metric, labels: dict[str, str], value: Value) -> None:
    if value is None:
        return
    if isinstance(value, Distribution):
        for bound, count in value.buckets:
            family.add_sample(f"{family.name}_bucket", {**labels, "le": _bound(bound)}, count)
        family.add_sample(f"{family.name}_count", labels, value.buckets[-1][1])
        family.add_sample(f"{family.name}_sum", labels, value.total)
    else:
        suffix = "_total" if family.type == "counter" else ""
        family.add_sample(family.name + suffix, labels, float(value))


def _bound(bound: float) -> str:
    return "+Inf" if bound == float("inf") else str(bound)
