"""Reads depth and age at each scrape; workers and events come in by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill_exporters.core.clock import Clock
from watchbill_exporters.queue.catalogue import State
from watchbill_exporters.queue.celery.depth import FirstSeen, depths, taken
from watchbill_exporters.queue.celery.listener import Listener
from watchbill_exporters.queue.celery.workers import Workers
from watchbill_exporters.queue.links.redis import connected
from watchbill_exporters.queue.snapshot import Queue, Snapshot

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.celery.config import CeleryConfig
    from watchbill_exporters.queue.celery.depth import Depth, Held


class CeleryClient:
    """One broker."""

    def __init__(self, config: CeleryConfig, clock: Clock | None = None) -> None:
        self._config, self._clock = config, clock or Clock()
        self._seen = FirstSeen()
        self._workers = Workers(config)
        self._listener = Listener(config, self._workers)

    def read(self, deadline: Deadline) -> Snapshot:
        self._listener.start()
        now = self._clock.now()
        with connected(self._config.redis, deadline.left()) as client:
            found = depths(client, self._config, self._seen, now)
            held = taken(client, self._config, now)
        queues = self._workers.queues(self._clock.monotonic())
        return Snapshot(tuple(_queue(queue, found.get(queue.name), held) for queue in queues.values()))

    def close(self) -> None:
        self._listener.close()


def _queue(queue: Queue, depth: Depth | None, held: Held | None) -> Queue:
    if depth is None:  # of workers only
        return queue
    jobs = {State.READY: depth.ready}
    if held is not None:
        jobs |= {state: held.jobs[queue.name][state] for state in (State.DELAYED, State.RUNNING)}
    return replace(
        queue,
        jobs=jobs,
        oldest_ready=depth.oldest,
        age_exact=depth.exact if depth.oldest is not None else None,
        oldest_running=held.oldest.get(queue.name) if held is not None else None,
    )
