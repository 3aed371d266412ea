"""A little history of one group, known by construction, and what an exact count of it must give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Truth:
    """Exact number of events and errors in a stretch of time."""

    events: float
    errors: float


@dataclass(frozen=True, slots=True)
class History:
    """One sample each `step` ms from time 0: what happened since the sample before.

    `events[i]` is None where the series is not exposed. `resets` are the samples at which the counters start again at
    0 (the sample holds what happened since). `lazy_errors`, `lazy_good`: the series appears with its first event.
    `down`: where nothing is exposed the target itself is down; otherwise it only has no such series.
    """

    step: int
    events: tuple[float | None, ...]
    errors: tuple[float, ...]
    resets: frozenset[int] = frozenset()
    lazy_errors: bool = True
    lazy_good: bool = False
    down: bool = False

    def counters(self) -> tuple[list[float | None], list[float | None], list[float | None]]:
        """Return cumulative (events, errors, events - errors) as a scrape would show them."""
        events: list[float | None] = []
        errors: list[float | None] = []
        good: list[float | None] = []
        total = bad = 0.0
        seen, praised = not self.lazy_errors, not self.lazy_good
        for i, (n, e) in enumerate(zip(self.events, self.errors, strict=True)):
            if i in self.resets:
                total = bad = 0.0
            if n is None:
                events.append(None)
                errors.append(None)
                good.append(None)
                continue
            total, bad = total + n, bad + e
            seen, praised = seen or e > 0, praised or n > e
            events.append(total)
            good.append(total - bad if praised else None)
            errors.append(bad if seen else None)
        return events, errors, good

    def increments(self, after: int, until: int, *, first: bool = False) -> Truth | None:
        """Return what counters count in (after, until], ms; None without a sample in there.

        `first`: the very first sample counts in full, as for a process that started just before it.
        """
        inside = self.samples(after, until)
        if not any(self.events[i] is not None for i in inside):
            return None
        events = errors = 0.0
        for i in inside:
            n = self.events[i]
            if n is None or (i == 0 and not first):
                continue
            events += n
            errors += self.errors[i]
        return Truth(events, errors)

    def samples(self, after: int, until: int) -> range:
        """Return the indices of the samples in (after, until], ms."""
        first = max(0, after // self.step + 1)
        return range(first, max(first, min(len(self.events), until // self.step + 1)))


def steady(count: int, step: int, events: float, errors: float = 0.0) -> History:
    """Return `count` samples of the same traffic."""
    return History(step, (events,) * count, (errors,) * count)


def values(samples: Sequence[float | None]) -> str:
    """Return promtool's notation, runs with a constant difference written `a+bxn`; None is a missing sample.

    Only runs of whole numbers (or of one number) are joined: sums of other differences would drift.
    """
    out: list[str] = []
    count, i = len(samples), 0
    while i < count:
        start, j = samples[i], i + 1
        if start is None:
            while j < count and samples[j] is None:
                j += 1
            out.append("_" if j - i == 1 else f"_x{j - i}")
            i = j
            continue
        after = samples[j] if j < count else None
        delta = 0.0 if after is None else after - start
        if after is None or (delta != 0 and (start % 1 != 0 or delta % 1 != 0)):
            out.append(number(start))
        else:
            before = start
            while j < count and (here := samples[j]) is not None and here - before == delta:
                before, j = here, j + 1
            out.append(f"{number(start)}{'-' if delta < 0 else '+'}{number(abs(delta))}x{j - i - 1}")
        i = j
    return " ".join(out)


def number(value: float) -> str:
    """Return a sample value that promtool parses back to the same double."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
