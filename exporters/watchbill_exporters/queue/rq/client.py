"""Layout -> snapshot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.clock import Clock
from watchbill_exporters.queue.catalogue import Slot, State
from watchbill_exporters.queue.links.redis import connected
from watchbill_exporters.queue.naming import limit, limited
from watchbill_exporters.queue.rq.ended import Ended
from watchbill_exporters.queue.rq.layout import layout
from watchbill_exporters.queue.rq.moment import unix
from watchbill_exporters.queue.snapshot import Queue, Schedule, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.rq.config import RqConfig
    from watchbill_exporters.queue.rq.layout import Layout, Rows


class RqClient:
    """One Redis."""

    def __init__(self, config: RqConfig, clock: Clock | None = None) -> None:
        self._config, self._clock = config, clock or Clock()
        self._names = limit(config.names)
        self._ended = Ended(config, self._names)

    def read(self, deadline: Deadline) -> Snapshot:
        with connected(self._config.redis, deadline.left()) as client:
            found = layout(client, self._config)
            self._ended.take(client, found)
        oldest_beat = self._clock.now() - self._config.worker_ttl
        queues = (_queue(row, found, oldest_beat) for row in found.queues)
        shown = tuple(self._ended.of(queue) for queue in limited(queues, self._names))
        return Snapshot(shown, tuple(_schedules(found.crons)))

    def close(self) -> None:
        """Nothing is kept open."""


def _queue(row: Rows, found: Layout, oldest_beat: float) -> Queue:
    beats = [found.workers.get(worker, (None, None)) for worker in row.workers]
    states = [state for beat, state in beats if (at := unix(beat)) is not None and at >= oldest_beat]
    oldest = _first(found.enqueued.get(job) for job in row.heads)
    return Queue(
        row.name,
        jobs={
            State.READY: row.ready,
            State.DELAYED: row.scheduled + row.deferred,
            State.RUNNING: row.wip,
            State.DEAD: row.failed,
        },
        oldest_ready=oldest,
        age_exact=None if oldest is None else True,
        oldest_running=min(_times(found.started.get(job) for job in row.running), default=None),
        workers=len(states),
        slots={slot: states.count(slot.value.encode()) for slot in Slot},
        stalled=len(row.workers) - len(states),
    )


def _schedules(crons: Iterable[bytes]) -> Iterator[Schedule]:
    """A job that several schedulers have is told once: its last time, and the next one of any."""
    out: dict[str, Schedule] = {}
    for job in (job for text in crons for job in _jobs(text)):
        name = str(job.get("name") or job.get("func_name"))
        last, due = unix(job.get("latest_enqueue_time")), unix(job.get("next_enqueue_time"))
        known = out.get(name, Schedule(name))
        lasts = [at for at in (known.last_fired, last) if at is not None]
        dues = [at for at in (known.next_due, due) if at is not None]
        out[name] = Schedule(name, max(lasts, default=None), min(dues, default=None))
    yield from out.values()


def _jobs(text: bytes) -> list[dict[str, Any]]:
    return [job for job in json.loads(text) if isinstance(job, dict)]


def _times(texts: Iterable[bytes | None]) -> list[float]:
    return [at for text in texts if (at := unix(text)) is not None]


def _first(texts: Iterable[bytes | None]) -> float | None:
    return next(iter(_times(texts)), None)
