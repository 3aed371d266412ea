"""Everything a lowering needs to know of one SLO, resolved: no defaults left to look up, no spec in sight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from watchbill.durations import offset, tiles_range
from watchbill.kinds.slis.base import TileContext
from watchbill.promql import quote

if TYPE_CHECKING:
    from watchbill.burn import Tier
    from watchbill.calendar import Period, Schedule
    from watchbill.kinds.setting import Timing
    from watchbill.kinds.slis.base import Sli
    from watchbill.model import Labels
    from watchbill.promql import Selector


@lru_cache(maxsize=16384)
def _matchers(service: str, slo: str) -> str:
    return f"{{service={quote(service)},slo={quote(slo)}}}"


@dataclass(frozen=True, slots=True)
class LowTraffic:
    """The evidence guard: fire only if chance alone explains the errors with probability below `alpha`.

    `overdispersion` (>= 1) divides the evidence where errors come in bursts; `min_bad_events` is a plain floor.
    """

    alpha: float = 1e-3
    overdispersion: float = 1.0
    min_bad_events: int = 0

    @property
    def threshold(self) -> float:
        """Evidence, nats, above which the errors count as real: overdispersion * ln(1 / alpha)."""
        return round(self.overdispersion * math.log(1 / self.alpha), 6)


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
    schedules: tuple[Schedule, ...] = ()
    section: str | None = None
    topic: str | None = None
    causes: tuple[str, ...] | None = None
    mask_gauges: tuple[Selector, ...] = ()

    @property
    def matchers(self) -> str:
        """Matchers that select this SLO's recorded series."""
        return _matchers(self.service, self.name)

    def ref(self, metric: str) -> str:
        """Return the selector of one of this SLO's recorded series."""
        return metric + self.matchers

    def over_tiles(self, metric: str, length: int, function: str = "sum_over_time") -> str:
        """Return `function` over exactly the tiles of `length` ms that were complete `lag` ago."""
        window = tiles_range(length, left_open=self.timing.left_open)
        return f"{function}({self.ref(metric)}[{window}]{offset(self.timing.lag)})"

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
            lag=timing.lag,
            left_open=timing.left_open,
            service=self.service,
            zero=zero,
            weight=timing.slow // timing.tile if slow else 1,
        )
