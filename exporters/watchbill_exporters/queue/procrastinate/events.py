"""Counts events as they come in. Ids are given before a transaction commits, so they become visible out of order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.queue.tally import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOW = 60.0  # seconds that an id may become visible after a later one
BATCH = 50_000  # events read at once: more than any scrape interval brings, and memory stays bounded
Event = tuple[int, str, str, float | None]


class Events:
    """Where one left off: all up to `low` was counted; of those above, the ones in `_recent`."""

    def __init__(self) -> None:
        self.low: int | None = None
        self.counts: dict[str, Counts] = {}
        self._recent: dict[int, float] = {}

    def begin(self, last: int) -> None:
        """Leave what happened before the first read to others; begin anew when the ids did."""
        if self.low is None or last < self.low:
            self.low, self._recent = last, {}

    def take(self, events: Iterable[Event], now: float) -> None:
        for number, kind, queue, seconds in events:
            if number not in self._recent:
                self._recent[number] = now
                self._count(kind, self.counts.setdefault(queue, Counts()), seconds)
        self._forget(now)

    def _forget(self, now: float) -> None:
        crowded = len(self._recent) - BATCH // 2
        old = [n for place, (n, at) in enumerate(sorted(self._recent.items())) if now - at > WINDOW or place < crowded]
        if old:
            self.low = max(self.low or 0, *old)
            self._recent = {number: at for number, at in self._recent.items() if number > self.low}

    def _count(self, kind: str, counts: Counts, seconds: float | None) -> None:
        match kind:
            case "deferred":
                counts.enqueued += 1
            case "started" if seconds is not None:
                counts.wait.observe(seconds)
            case "succeeded":
                counts.finished += 1
                counts.run.observe(seconds or 0.0)
            case "failed":
                counts.failed += 1
                counts.run.observe(seconds or 0.0)
            case "deferred_for_retry" | "retried":
                counts.retried += 1
