"""Burn-rate mathematics: tiers for any objective and window, and the formulas behind the published tables.

Symbols: P period, W long window, f share of the period's budget, b = 1 - objective (the budget as a ratio of events),
B = f * P / W burn rate, theta = B * b error-ratio threshold at mean traffic, e error ratio in the incident.
All times are milliseconds, all ratios 0..1. Source: SRE workbook, chapter 5, "Alerting on SLOs".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from watchbill.durations import DAY, HOUR, MINUTE, round_up

REFERENCE_PERIOD = 30 * DAY
MAX_THRESHOLD = 0.5
SHORT_PART = 12
RECHECK_PART = 6
SLOW_READS_PER_SHORT = 10
MIN_SHORT_TILES = 4
MIN_LONG_TILES = 12
DENSE_EXPONENT = 0.511


@dataclass(frozen=True, slots=True)
class TierTemplate:
    """A tier before it is fitted: spend `budget` (share of the period's budget) within `within` (ms, for 30 days)."""

    name: str
    severity: str
    budget: float
    within: int
    recheck: int | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """A fitted tier. Windows in ms; `still` is that of the "still burning" condition; `slow` its rules' cadence."""

    name: str
    severity: str
    budget: float
    long: int
    short: int
    still: int
    slow: bool

    def burn_rate(self, period: int) -> float:
        """B = f * P / W."""
        return burn_rate(self.budget, period, self.long)

    @property
    def short_budget(self) -> float:
        """The same pace in the short window, as a share of the period's budget: f * S / W."""
        return self.budget * self.short / self.long


STANDARD = (
    TierTemplate("fast", "page", 0.02, HOUR),
    TierTemplate("sustained", "page", 0.05, 6 * HOUR),
    TierTemplate("slow", "ticket", 0.10, DAY),
    TierTemplate("chronic", "ticket", 0.10, 3 * DAY),
)
"""Workbook table 5-8 with its example's 1 d / 2 h pair: burn rates 14.4, 6, 3 and 1 over 30 days."""

DENSE = (
    *(
        TierTemplate(name, "page", round(0.02 * hours**DENSE_EXPONENT, 6), hours * HOUR)
        for name, hours in (("fast", 1), ("fast-2h", 2), ("fast-3h", 3), ("fast-4h", 4), ("sustained", 6))
    ),
    *STANDARD[2:],
)
"""Five page windows with f(W) = 2 % * (W / 1 h)^0.511: burn rates 14.4, 10.26, 8.42, 7.31, 6 (alert-math 1)."""

LADDERS = {"standard": STANDARD, "dense": DENSE}


def burn_rate(budget_share: float, period: int, window: int) -> float:
    """How many times faster than sustainable: B = f * P / W."""
    return budget_share * period / window


def detection_time(window: int, threshold: float, error_ratio: float, background: float = 0.0) -> float:
    """Time from onset until a window's error ratio exceeds `threshold`, ms; infinity if it never does."""
    if error_ratio <= threshold:
        return math.inf
    return window * (threshold - background) / (error_ratio - background)


def reset_time(window: int, threshold: float, error_ratio: float) -> float:
    """Time after the end of an outage of at least `window` until the window is below `threshold`, ms."""
    return window * (1 - threshold / error_ratio)


def budget_spent(duration: float, error_ratio: float, budget_ratio: float, period: int) -> float:
    """Share of the period's budget that `error_ratio` for `duration` ms spends at constant traffic."""
    return error_ratio * duration / (budget_ratio * period)


def exhaustion_time(rate: float, period: int) -> float:
    """Time until a full budget is gone at burn rate `rate`, ms: P / B."""
    return period / rate


def evidence(errors: float, events: float, budget_ratio: float) -> float:
    """Chernoff bound, nats: P(at least `errors` of `events` | ratio = budget) <= exp(-evidence). At least 0."""
    expected = events * budget_ratio
    if errors <= expected:
        return 0.0
    if expected == 0:
        return math.inf
    return errors * math.log(errors / expected) - errors + expected


def fit(
    templates: tuple[TierTemplate, ...], *, period: int, budget_ratio: float, tile: int, slow_tile: int
) -> tuple[Tier, ...]:
    """Fit tiers to a period (ms), budget (ratio), and rule intervals (ms): B >= 1 and, where possible, B * b <= 0.5.

    Default tiers scale their window with the period and widen it where the threshold could not be reached (an 80 %
    objective still pages); `fixed` ones (the user's own) keep their numbers. Windows become multiples of their tile.
    Tiers that coincide after fitting are given once.
    """
    fitted: list[Tier] = []
    for template in templates:
        tier = _fit_one(template, period, budget_ratio, tile, slow_tile)
        if not any(t.long == tier.long and t.budget <= tier.budget and t.severity == tier.severity for t in fitted):
            fitted.append(tier)
    return tuple(fitted)


def _round(window: float, step: int) -> int:
    """Round a window up to whole steps, and from ten minutes on to whole minutes too: windows are read by people."""
    return round_up(window, math.lcm(step, MINUTE) if window > 10 * MINUTE else step)


def _fit_one(template: TierTemplate, period: int, budget_ratio: float, tile: int, slow_tile: int) -> Tier:
    window = float(template.within)
    share = template.budget
    if not template.fixed:
        window = window * period / REFERENCE_PERIOD
        window = max(window, share * period * budget_ratio / max(MAX_THRESHOLD, budget_ratio))
        window = max(window, MIN_LONG_TILES * tile)
    short = float(template.recheck or max(window / SHORT_PART, MIN_SHORT_TILES * tile))
    slow = round_up(short, tile) >= SLOW_READS_PER_SHORT * slow_tile
    step = slow_tile if slow else tile
    long_ms, short_ms = _round(window, step), _round(short, step)
    if not template.fixed:
        share = max(share, long_ms / period)
    still = min(short_ms, max(round_up(short_ms / RECHECK_PART, step), round_up(5 * MINUTE, step)))
    return Tier(template.name, template.severity, share, long_ms, short_ms, still, slow)
