"""Every family of the queue exporter, in the order of the page: name, help, labels, closed sets."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from watchbill_exporters.core.memory.tally.family import counter, gauge, histogram

if TYPE_CHECKING:
    from watchbill_exporters.core.memory.tally import Family


class State(StrEnum):
    """Where a job stands that is not finished."""

    READY = "ready"
    DELAYED = "delayed"
    RUNNING = "running"
    RETRY = "retry"
    DEAD = "dead"


class Slot(StrEnum):
    """What a place in a worker does."""

    BUSY = "busy"
    IDLE = "idle"


def _counter(name: str, help_text: str, *labels: str) -> Family:
    return counter(name, help_text, *(labels or ("queue",)))


def _gauge(name: str, help_text: str, *labels: str, **closed: tuple[str, ...]) -> Family:
    return gauge(name, help_text, *(labels or ("queue",)), **closed)


def _histogram(name: str, help_text: str, bounds: tuple[float, ...], *labels: str) -> Family:
    return histogram(name, help_text, bounds, *(labels or ("queue",)))


# From a tenth of a second (interactive work) to a day (a night's batch); 10, 30, 60, 300 s are what objectives ask for.
SECONDS = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 14400.0, 86400.0)
JOBS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 10000.0, 30000.0, 100000.0)

QUEUE_JOBS = _gauge("queue_jobs", "Jobs that are not finished, and dead ones that are kept.", state=tuple(State))
OLDEST_READY = _gauge(
    "queue_oldest_ready_timestamp_seconds", "Since when the oldest job that could run waits; absent without one."
)
AGE_EXACT = _gauge(
    "queue_age_exact", "1 when the oldest ready job's time is exact, 0 when it waits since then at the latest."
)
OLDEST_RUNNING = _gauge(
    "queue_oldest_running_timestamp_seconds", "Since when the oldest running job runs; absent without one."
)
ENQUEUED = _counter("queue_enqueued_total", "Jobs put in.")
FINISHED = _counter("queue_finished_total", "Jobs that ended well.")
FAILED = _counter("queue_failed_total", "Jobs that failed for good.")
RETRIED = _counter("queue_retried_total", "Jobs put in again after a failure.")
WAIT = _histogram("queue_wait_seconds", "From when a job could run to its start.", SECONDS)
RUN = _histogram("queue_run_seconds", "From a job's start to its end.", SECONDS)
WORKERS = _gauge("queue_workers", "Workers that give signs of life; queue * where none says what it takes from.")
SLOTS = _gauge("queue_worker_slots", "Places for jobs in these workers.", state=tuple(Slot))
STALLED = _gauge("queue_workers_stalled", "Workers that have not given a sign of life for too long.")
LAST_FIRED = _gauge("queue_schedule_last_fired_timestamp_seconds", "When a schedule last fired.", "schedule")
NEXT_DUE = _gauge("queue_schedule_next_due_timestamp_seconds", "When a schedule has to fire next.", "schedule")
FANOUT = _histogram("queue_schedule_fanout_jobs", "Jobs put in by one firing of a schedule.", JOBS, "schedule")
MISSED = _counter("queue_schedule_missed_total", "Times a schedule was due and did not fire.", "schedule")

FAMILIES = (
    QUEUE_JOBS,
    OLDEST_READY,
    AGE_EXACT,
    OLDEST_RUNNING,
    ENQUEUED,
    FINISHED,
    FAILED,
    RETRIED,
    WAIT,
    RUN,
    WORKERS,
    SLOTS,
    STALLED,
    LAST_FIRED,
    NEXT_DUE,
    FANOUT,
    MISSED,
)
