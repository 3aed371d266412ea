"""Which window sums an SLO records, where, and how other rules read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR, format_duration
from watchbill.kinds.setting import stale_read

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts


@dataclass(frozen=True, slots=True)
class Window:
    """A recorded window sum: `what` is events or errors; `slow` says which tiles it adds up, and how often."""

    what: str
    length: int
    slow: bool

    @property
    def record(self) -> str:
        """Name of the recorded series."""
        return conventions.window_sum(self.what, self.length)


class Reads:
    """The window sums of one SLO, each once: one that a fast and a slow tier share is recorded at the fast pace."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        wanted: dict[tuple[str, int], bool] = {}

        def want(what: str, length: int, *, slow: bool) -> None:
            wanted[what, length] = wanted.get((what, length), True) and slow

        for tier in facts.tiers:
            last = tier.short if facts.weighting == "time" else tier.still
            for length in (tier.long, tier.short, last):
                want("errors", length, slow=tier.slow)
            for length in (tier.long, last):
                want("events", length, slow=tier.slow)
        if facts.collapse:
            want("events", HOUR, slow=True)
        self.slow_of = wanted
        self.windows = sorted(
            (Window(what, length, slow) for (what, length), slow in wanted.items()),
            key=lambda w: (w.slow, w.length, w.what != "events"),
        )

    def window(self, what: str, length: int) -> str:
        """Return a read of a window sum: instant for fast ones."""
        record = conventions.window_sum(what, length)
        return self.slow(record) if self.slow_of[what, length] else self.facts.ref(record)

    def slow(self, record: str, offset: int = 0) -> str:
        """Return a read of a slow group's series: an instant selector sees nothing after 5 minutes, this one does."""
        over = format_duration(stale_read(self.facts.timing.slow))
        back = f" offset {format_duration(offset)}" if offset else ""
        return f"last_over_time({self.facts.ref(record)}[{over}]{back})"

    def budget(self) -> str:
        """Return a read of the error budget, events: an hour's grace, since it hardly moves."""
        return f"last_over_time({self.facts.ref(conventions.BUDGET_EVENTS)}[1h])"
