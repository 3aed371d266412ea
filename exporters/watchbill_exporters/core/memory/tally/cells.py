"""One series in memory."""

from __future__ import annotations

from bisect import bisect_left

Exemplar = tuple[str, float, float]
"""The trace an observation comes from, its value, and when it was received."""


class Cell:
    """A counter or a gauge."""

    __slots__ = ("pinned", "touched", "value")

    def __init__(self, touched: float) -> None:
        self.value = 0.0
        self.touched = touched
        self.pinned = False


class HistogramCell:
    """Counts by bucket, not cumulative; the last exemplar of each."""

    __slots__ = ("bounds", "counts", "exemplars", "pinned", "total", "touched")

    def __init__(self, touched: float, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0
        self.exemplars: list[Exemplar | None] | None = None
        self.touched = touched
        self.pinned = False

    def observe(self, value: float, trace_id: str | None, now: float) -> None:
        index = bisect_left(self.bounds, value)
        self.counts[index] += 1
        self.total += value
        self.touched = now
        if trace_id is not None:
            if self.exemplars is None:
                self.exemplars = [None] * len(self.counts)
            self.exemplars[index] = (trace_id, value, now)
