"""The mathematics of spending: plans of a period, pace, forecast, time to exhaustion, and what is unusual.

Symbols: A allowance, P period, s = share of A spent, p = share of A that the plan has spent by now, w(t) weight of the
days until t, T weight of the whole period. Times in days (of 86,400 s, UTC) since 1970-01-01, a Thursday, unless said
otherwise; shares 0..1. Sources: SRE workbook, chapter 5, for burn rates; the rest was measured by simulation
(docs/concepts/spending.md has the tables, tests/unit/test_spending_rates.py the seeds).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from watchbill.burn import Tier, TierTemplate, burn_rate, fit
from watchbill.durations import DAY, HOUR, WEEK, round_up

REFERENCE_PERIOD = 30 * DAY
LADDER = (("fast", "page", 14.4, HOUR), ("sustained", "page", 6.0, 6 * HOUR), ("slow", "ticket", 3.0, DAY))
"""Burn rates over their long window, at 30 days: 2 % in 1 h, 5 % in 6 h, 10 % in 1 d (workbook, table 5-8).

Its fourth, burn rate 1 over 3 d, is left out: spending what was planned is no incident; the forecast watches that.
"""
MIN_LONG_TILES = 12
MOST_OF_ALLOWANCE = 0.5
"""A tier that would need more than this share within its window says nothing that `spent` does not."""
FORECAST_MARGIN = {"month": 0.12, "week": 0.12, "day": 0.3, "rolling": 0.12}
"""By how much a forecast of a whole period must exceed: its error shrinks with what is left of the period.

Set so that fewer than 1 % of months and weeks (4 % of days) that end at 85 % of the allowance are called exceeding.
"""
WEEK_BEFORE = WEEK - DAY
"""A day's rest is taken from a week ago: what 24 h until six days ago spent, less what that day had spent by then."""
WEEKEND_DAYS, WEEKDAYS = 2, 5
HORIZON = {"month": DAY, "week": 6 * HOUR, "day": HOUR}
"""How far ahead exhaustion is looked for, and over which stretch the rate is taken, ms: about a thirtieth."""
FLOOR_DAYS = 0.02
"""An unusual hour costs at least this many days' allowance more than usual."""
SMOOTHING, MIN_SIGMA, SIGMAS, LEAST_FACTOR, MAX_MEDIAN = 0.05, 0.1, 4, 1.5, 0.4


@dataclass(frozen=True, slots=True)
class Plan:
    """The shape that spending is expected to have: weight of a weekend day, where a working day has 1."""

    weekend: float = 1.0

    @property
    def is_linear(self) -> bool:
        """Whether all days count the same."""
        return self.weekend == 1

    @property
    def week(self) -> float:
        """Weight of a week, days."""
        return WEEKDAYS + WEEKEND_DAYS * self.weekend


def tiers(period: int, tile: int, slow: int) -> tuple[Tier, ...]:
    """Return the burn tiers of a period (ms): windows scale with it, burn rates stay."""
    templates = []
    for name, severity, rate, within in LADDER:
        window = max(within * period / REFERENCE_PERIOD, MIN_LONG_TILES * tile)
        share = rate * window / period
        if share <= MOST_OF_ALLOWANCE:
            long = round_up(window, tile)
            templates.append(TierTemplate(name, severity, rate * long / period, long, fixed=True))
    return fit(tuple(templates), period=period, budget_ratio=0, tile=tile, slow_tile=slow)


def tier_rate(tier: Tier, period: int) -> float:
    """Return how many times faster than the allowance lasts."""
    return burn_rate(tier.budget, period, tier.long)


def horizon(period: str, length: int) -> int:
    """Return how far ahead exhaustion is looked for, ms."""
    return HORIZON.get(period) or max(HOUR, round_up(length / 30, HOUR))


def mean_window(period: str, length: int) -> int:
    """Return over how long (ms) the mean is taken that a forecast carries on: whole weeks are neutral to weekdays."""
    if period == "month":
        return WEEK
    return length if period in {"week", "day"} else min(WEEK, length)


def elapsed(period: str, at: float) -> float:
    """Return the days since the calendar period began that `at` (days) lies in; its end belongs to it."""
    if period == "day":
        return at % 1
    if period == "week":
        return (at + 3) % 7
    moment = datetime.fromtimestamp(at * 86400, UTC)
    return moment.day - 1 + at % 1


def days(period: str, at: float) -> float:
    """Return the length of the calendar period, days."""
    if period != "month":
        return 7.0 if period == "week" else 1.0
    moment = datetime.fromtimestamp(at * 86400, UTC)
    begin = moment.replace(day=1)
    end = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
    return float((end - begin).days)


def weight(plan: Plan, first: float, last: float) -> float:
    """Return the weight of the time from `first` to `last`, days since 1970."""
    total, at = 0.0, first
    while at < last:
        until = min(last, math.floor(at) + 1.0)
        day = (math.floor(at) + 4) % 7
        total += (until - at) * (plan.weekend if day in {0, 6} else 1.0)
        at = until
    return total


def planned(plan: Plan, period: str, at: float) -> float:
    """Return p: the share of the allowance that the plan spends from the period's begin to `at`."""
    begin = at - elapsed(period, at)
    return weight(plan, begin, at) / weight(plan, begin, begin + days(period, at))


def watched(share: float, since_begin: float, seen: float) -> float:
    """Return the part of a planned share that falls to the `seen` days, of `since_begin` elapsed ones."""
    return share * min(1.0, seen / since_begin)


def forecast_month(spent: float, mean_day: float, plan: Plan, total: float, planned_share: float) -> float:
    """Return the share spent at the month's end: what is left of its weight `total` costs the mean of the last week.

    `mean_day` is a share per day, `total` the month's weight in days. Time nobody watched is taken at the same mean.
    """
    return spent + mean_day * 7 / plan.week * total * (1 - planned_share)


def margin(period: str, remaining: float) -> float:
    """Return the share above 1 at which a forecast counts as exceeding; `remaining` 0..1 of the period."""
    return FORECAST_MARGIN[period] * remaining


def exhaustion(spent: float, rate: float) -> float:
    """Return the days until the allowance is gone, at `rate` (share per day); infinity at a standstill."""
    return max(0.0, 1 - spent) / rate if rate > 0 else math.inf


def log_ratio(now: float, usual: list[float], level: float) -> float:
    """Return ln((y + c) / (m + c)): an hour against the median of the same hour in earlier weeks, c = 5 % of `level`.

    `level` is the mean hour.
    """
    c = SMOOTHING * level
    return math.log((now + c) / (median(usual) + c))


def unusual(ratio: float, centre: float, sigma: float, excess: float, floor: float) -> bool:
    """Whether an hour is unusual: over four of its own robust sigmas and half as much again, and by a sum that matters.

    `ratio` is its log ratio, `centre` and `sigma` those of the last week; `excess` is above the usual, as is `floor`.
    """
    beyond = ratio - min(MAX_MEDIAN, max(-MAX_MEDIAN, centre))
    return beyond > max(SIGMAS * max(MIN_SIGMA, sigma), math.log(LEAST_FACTOR)) and excess > floor
