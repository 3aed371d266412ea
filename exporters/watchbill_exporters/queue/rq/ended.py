"""Counts and times jobs that ended, by what is new in the registries of finished and failed jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill_exporters.queue.rq.layout import ENDED, times
from watchbill_exporters.queue.rq.moment import unix
from watchbill_exporters.queue.tally import Counts

if TYPE_CHECKING:
    from redis import Redis

    from watchbill_exporters.core.overflow import LabelLimit
    from watchbill_exporters.queue.rq.config import RqConfig
    from watchbill_exporters.queue.rq.layout import Layout, Members
    from watchbill_exporters.queue.snapshot import Queue


class Ended:
    """Who ended before the first look is not counted."""

    def __init__(self, config: RqConfig, names: LabelLimit) -> None:
        self._config, self._names = config, names
        self._seen: dict[tuple[str, str], Members | None] | None = None
        self._counts: dict[str, Counts] = {}
        self._unknown: set[tuple[str, str]] = set()

    def take(self, client: Redis, found: Layout) -> None:
        fresh = []
        first, seen = self._seen is None, self._seen or {}
        self._seen, self._unknown = {}, set()
        for row in found.queues:
            shown = self._names.admit(row.name)
            for registry in ENDED:
                members = self._seen[row.name, registry] = row.ended[registry]
                if members is None:
                    self._unknown.add((shown, registry))
                    continue
                before = seen.get((row.name, registry), frozenset())  # of a queue that is new all is new
                if before is not None and not first:
                    fresh += [(shown, registry, job) for job, _ in sorted(members - before)]
        rows = times(client, self._config, [job for *_, job in fresh])
        for (queue, registry, _), (put, begun, ended) in zip(fresh, rows, strict=True):
            self._count(self._counts.setdefault(queue, Counts()), registry, unix(put), unix(begun), unix(ended))

    def of(self, queue: Queue) -> Queue:
        """Return the queue with its counters; those of a registry that is too large to be read are not known."""
        counts = self._counts.get(queue.name) or Counts()
        finished = (queue.name, "finished") not in self._unknown
        failed = (queue.name, "failed") not in self._unknown
        return replace(
            queue,
            finished=counts.finished if finished else None,
            failed=counts.failed if failed else None,
            wait=counts.wait.freeze() if finished and failed else None,
            run=counts.run.freeze() if finished and failed else None,
        )

    @staticmethod
    def _count(counts: Counts, registry: str, put: float | None, begun: float | None, ended: float | None) -> None:
        counts.finished += registry == "finished"
        counts.failed += registry == "failed"
        if begun is None:
            return
        if put is not None:
            counts.wait.observe(begun - put)
        if ended is not None:
            counts.run.observe(ended - begun)
