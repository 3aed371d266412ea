"""Counts what finished between two reads, for back ends that tell of each job but keep no totals."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from watchbill_exporters.queue.catalogue import SECONDS
from watchbill_exporters.queue.snapshot import Distribution


class Histogram:
    """Counts by bound."""

    def __init__(self, bounds: tuple[float, ...] = SECONDS) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._total = 0.0

    def observe(self, value: float) -> None:
        """Take a value; clocks of two machines may disagree, so what is below 0 counts as 0."""
        self._counts[bisect_left(self._bounds, max(value, 0.0))] += 1
        self._total += max(value, 0.0)

    def freeze(self) -> Distribution:
        rows, running = [], 0
        for bound, count in zip((*self._bounds, float("inf")), self._counts, strict=True):
            running += count
            rows.append((bound, running))
        return Distribution(tuple(rows), self._total)


@dataclass
class Counts:
    """What happened in one queue since the exporter began to look."""

    enqueued: int = 0
    finished: int = 0
    failed: int = 0
    retried: int = 0
    wait: Histogram = field(default_factory=Histogram)
    run: Histogram = field(default_factory=Histogram)
