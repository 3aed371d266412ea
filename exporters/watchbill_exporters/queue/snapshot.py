"""What every source reads: queues and schedules at one moment. None is unknown, and unknown is not shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill_exporters.queue.catalogue import Slot, State

UNKNOWN_QUEUE = "*"  # of workers that do not say which queues they take from


@dataclass(frozen=True)
class Distribution:
    """A histogram: cumulative counts by bound, the last one being that of +Inf."""

    buckets: tuple[tuple[float, int], ...]
    total: float


@dataclass(frozen=True)
class Queue:
    """One queue. Times are Unix seconds."""

    name: str
    jobs: Mapping[State, int] = field(default_factory=dict)
    oldest_ready: float | None = None
    age_exact: bool | None = None
    oldest_running: float | None = None
    enqueued: float | None = None
    finished: float | None = None
    failed: float | None = None
    retried: float | None = None
    wait: Distribution | None = None
    run: Distribution | None = None
    workers: int | None = None
    slots: Mapping[Slot, int] = field(default_factory=dict)
    stalled: int | None = None


@dataclass(frozen=True)
class Schedule:
    """What puts jobs in at given times."""

    name: str
    last_fired: float | None = None
    next_due: float | None = None
    fanout: Distribution | None = None
    missed: float | None = None


@dataclass(frozen=True)
class Snapshot:
    """All that one target says."""

    queues: tuple[Queue, ...] = ()
    schedules: tuple[Schedule, ...] = ()
