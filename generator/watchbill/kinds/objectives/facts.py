"""Everything a lowering needs to know of one SLO, resolved: no defaults left to look up, no spec in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import MINUTE, format_duration
from watchbill.kinds.slis.base import TileContext
from watchbill.promql import quote

if TYPE_CHECKING:
    from watchbill.burn import Tier
    from watchbill.calendar import Period
    from watchbill.kinds.slis.base import Sli
    from watchbill.model import Labels

STALE_READ = 3
"""A slow group's series is read over this many of its intervals: an instant selector sees nothing after 5 minutes."""


@dataclass(frozen=True, slots=True)
class LowTraffic:
    """The evidence guard: fire only if chance alone explains the errors with probability below `alpha`.

    `overdispersion` (>= 1) divides the evidence where errors come in bursts; `min_bad_events` is a plain floor.
    """

    alpha: float = 1e-3
    overdispersion: float = 1.0
    min_bad_events: int = 0


@dataclass(frozen=True, slots=True)
class Timing:
    """Rule timing, ms: tile (rule interval), slow tile, settle offset, bridge over scrape gaps, guard window."""

    tile: int
    slow: int
    settle: int
    bridge: int
    guard: int


@dataclass(frozen=True, slots=True)
class Facts:
    """One SLO, resolved. `budget_ratio` is 1 - objective; `labels` go on every rule, `slo` and `service` included."""

    name: str
    title: str
    owner: str
    service: str
    objective: float
    budget_ratio: float
    period: Period
    tiers: tuple[Tier, ...]
    sli: Sli
    timing: Timing
    labels: Labels
    severities: Labels
    weighting: str
    low_traffic: LowTraffic
    keep_firing: int
    on_no_traffic: str
    on_no_data: str
    collapse: float
    mask: str = ""

    @property
    def matchers(self) -> str:
        """Matchers that select this SLO's recorded series."""
        return f"{{service={quote(self.service)},slo={quote(self.name)}}}"

    def ref(self, metric: str) -> str:
        """Return the selector of one of this SLO's recorded series."""
        return metric + self.matchers

    def severity(self, level: str) -> str:
        """Return the host's word for a severity."""
        return dict(self.severities).get(level, level)

    def context(self, *, zero: str, slow: bool = False) -> TileContext:
        """Return how tiles are cut, at the tile interval or (`slow`, for backfills) at the slow one."""
        timing = self.timing
        return TileContext(
            interval=timing.slow if slow else timing.tile,
            settle=timing.settle,
            bridge=timing.bridge,
            guard=timing.guard,
            service=self.service,
            zero=zero,
            mask=self.mask,
            weight=timing.slow // timing.tile if slow else 1,
        )

    def slow_read(self, metric: str) -> str:
        """Return a read of a slow group's series that survives its pace."""
        return f"last_over_time({self.ref(metric)}[{format_duration(max(15 * MINUTE, STALE_READ * self.timing.slow))}])"


@dataclass(frozen=True, slots=True)
class Window:
    """A recorded window sum: `what` is events or errors; `slow` says which tiles it adds up and how often."""

    what: str
    length: int
    slow: bool

    @property
    def record(self) -> str:
        """Name of the recorded series."""
        return conventions.window_sum(self.what, self.length)


def windows(facts: Facts) -> tuple[Window, ...]:
    """Return the window sums the alerts read, each once; a window that a fast and a slow tier share is fast."""
    wanted: dict[tuple[str, int], bool] = {}

    def want(what: str, length: int, slow: bool) -> None:
        wanted[what, length] = wanted.get((what, length), True) and slow

    for tier in facts.tiers:
        for what, length in (("errors", tier.long), ("errors", tier.short), ("errors", tier.still)):
            want(what, length, tier.slow)
        for length in (tier.long, tier.still, *([tier.short] if facts.weighting == "time" else [])):
            want("events", length, tier.slow)
    if facts.collapse:
        want("events", 60 * MINUTE, slow=True)
    return tuple(sorted((Window(w, n, s) for (w, n), s in wanted.items()), key=lambda w: (w.slow, w.length, w.what)))


def read(facts: Facts, what: str, length: int) -> str:
    """Return a read of a window sum, instant for fast ones."""
    record = conventions.window_sum(what, length)
    slow = next(w.slow for w in windows(facts) if (w.what, w.length) == (what, length))
    return facts.slow_read(record) if slow else facts.ref(record)
