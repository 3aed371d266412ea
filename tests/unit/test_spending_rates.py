"""How often forecasts and anomalies are wrong, by simulation with fixed seeds: what docs/concepts/spending.md states.

Spending by the hour: working days 1 and weekend days 0.35, diurnal +-70 %, gamma noise of an hour (sd 30 %), lognormal
noise of a day (sd 12 %). True use is normalised: the period ends at just that share of the allowance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from watchbill import spending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HOURS = 24
PAST = 35
LENGTHS = {"month": 30, "week": 7, "day": 1, "rolling": 30}
HELD = {"month": 6, "week": 2, "day": 1, "rolling": 6}
"""Hours for which a forecast must exceed; a day's twelve minutes are less than a step."""


def hours(rng: np.random.Generator, days: int) -> tuple[Floats, Floats]:
    """Return what each hour costs, and the weight of its day."""
    at = np.arange(days * HOURS)
    weekday = (at // HOURS + rng.integers(7)) % 7
    weight = np.where(weekday >= 5, 0.35, 1.0)
    shape = weight * (1 + 0.7 * np.sin(2 * np.pi * (at % HOURS - 8) / HOURS))
    noise = np.repeat(rng.lognormal(-(0.12**2) / 2, 0.12, days), HOURS) * rng.gamma(1 / 0.09, 0.09, len(at))
    return shape * noise, weight


def exceeds(rng: np.random.Generator, kind: str, use: float, plan: spending.Plan) -> bool:
    """Whether the alert fires at any time in one period."""
    length, begin = LENGTHS[kind] * HOURS, PAST * HOURS
    cost, weight = hours(rng, PAST + LENGTHS[kind])
    allowance = (cost[begin:] if kind != "rolling" else cost[-length:]).sum() / use
    sums, weights = (np.concatenate([[0.0], np.cumsum(v)]) for v in (cost, weight / HOURS))
    now = np.arange(begin + 1, begin + length + 1)
    spent, left = (sums[now] - sums[begin]) / allowance, 1 - (now - begin) / length
    window = spending.mean_window(kind, length * 3_600_000) // 3_600_000
    mean = (sums[now] - sums[now - window]) / window * HOURS / allowance
    if kind == "month":
        total = weights[-1] - weights[begin] if not plan.is_linear else length / HOURS
        planned = (weights[now] - weights[begin]) / total if not plan.is_linear else 1 - left
        whole = [spending.forecast_month(s, m, plan, total, p) for s, m, p in zip(spent, mean, planned, strict=True)]
        forecast = np.array(whole)
    elif kind == "day":
        forecast = spent + (sums[begin - 6 * HOURS] - sums[now - 7 * HOURS]) / allowance
    else:
        forecast = mean * length / HOURS
    bounds = 1 + np.array([spending.margin(kind, 1.0 if kind == "rolling" else share) for share in left])
    over, held = forecast > bounds, HELD[kind]
    return bool((np.convolve(over, np.ones(held), "valid") == held).any())


LINEAR = spending.Plan()


def rate(kind: str, use: float, plan: spending.Plan = LINEAR, periods: int = 500) -> float:
    rng = np.random.default_rng(20_261_125)
    return sum(exceeds(rng, kind, use, plan) for _ in range(periods)) / periods


@pytest.mark.parametrize(("kind", "most"), [("month", 0.007), ("week", 0.01), ("day", 0.05), ("rolling", 0.01)])
def test_few_periods_that_end_at_85_percent_are_called_exceeding(kind: str, most: float) -> None:
    assert rate(kind, 0.85) <= most


@pytest.mark.parametrize(("kind", "most"), [("month", 0.06), ("week", 0.12), ("day", 0.2), ("rolling", 0.06)])
def test_not_many_that_end_at_95_percent_are(kind: str, most: float) -> None:
    assert rate(kind, 0.95) <= most


@pytest.mark.parametrize("kind", ["month", "week", "day"])
def test_every_period_that_ends_well_above_the_allowance_is(kind: str) -> None:
    assert rate(kind, 1.1) > 0.99


def test_a_plan_with_weekends_does_no_worse_than_a_linear_one() -> None:
    weekly = spending.Plan(weekend=0.35)
    assert rate("month", 0.85, weekly) <= 0.007
    assert rate("month", 0.95, weekly) <= rate("month", 0.95)


STEP = 12
"""Five-minute tiles of an hour."""
WEEK = 7 * HOURS * STEP


def tiles(rng: np.random.Generator, calls: float, weeks: int, spread: float = 0.5) -> Floats:
    """Return the cost of each 5 minutes: `calls` on average, lognormal each (sigma `spread`); growth 10 % a month."""
    at = np.arange(weeks * WEEK)
    day = HOURS * STEP
    shape = 1 + 0.8 * np.sin(2 * np.pi * (at % day) / day)
    shape = shape * np.where(at // day % 7 >= 5, 0.35, 1.0) * 1.1 ** (at / (30 * day))
    shape = shape * np.repeat(rng.gamma(25, 1 / 25, len(at) // STEP), STEP)
    shape = shape * np.repeat(rng.lognormal(0, 0.12, len(at) // day), day)
    count = rng.poisson(calls * shape)
    return np.array([rng.lognormal(0, spread, n).sum() for n in count])


def unusual(cost: Floats, begin: int) -> NDArray[np.bool_]:
    """Return at which tiles from `begin` on the alert's conditions hold; the allowance is what is spent in 30 days."""
    sums = np.concatenate([[0.0], np.cumsum(cost)])
    now = np.arange(len(cost) + 1)
    hour = sums[STEP:] - sums[:-STEP]
    hour = np.concatenate([np.full(STEP, hour[0]), hour])
    usual = np.stack([hour[np.maximum(now - k * WEEK, 0)] for k in (1, 2, 3, 4)])
    base = np.median(usual, axis=0)
    level = (sums[now] - sums[np.maximum(now - 4 * WEEK, 0)]) / np.minimum(np.maximum(now, 1), 4 * WEEK) * STEP
    c = spending.SMOOTHING * level
    ratio = np.log((hour + c) / (base + c + 1e-12))
    floor = spending.FLOOR_DAYS * cost[begin : begin + 3 * WEEK].mean() * HOURS * STEP
    found = np.zeros(len(cost) + 1, dtype=bool)
    for at in range(begin, len(cost) - STEP, STEP):
        low, middle, high = np.quantile(ratio[at - WEEK : at], (0.25, 0.5, 0.75))
        sigma = (high - low) / 1.349
        for n in range(at, at + STEP):
            found[n] = spending.unusual(ratio[n], middle, sigma, hour[n] - base[n], floor)
    return found


def episodes(found: NDArray[np.bool_], held: int = 3) -> int:
    """Return how often conditions held for ten minutes, anew after an hour."""
    active = np.convolve(found, np.ones(held), "valid") == held
    starts = np.flatnonzero(active)
    return int((np.diff(starts, prepend=-WEEK) > STEP).sum())


@pytest.mark.parametrize(("calls", "spread", "most"), [(2, 0.5, 0.06), (20, 0.5, 0.06), (200, 0.5, 0.1), (2, 1, 0.3)])
def test_hours_like_others_are_rarely_called_unusual(calls: float, spread: float, most: float) -> None:
    """The last one: few calls whose costs differ a lot, where one in five weeks has a false alarm."""
    rng = np.random.default_rng(5)
    series, weeks = 20, 3
    count = sum(episodes(unusual(tiles(rng, calls, 5 + weeks, spread), 5 * WEEK)[5 * WEEK :]) for _ in range(series))
    assert count / (series * weeks) <= most


def test_three_times_the_usual_for_two_hours_is_mostly_noticed() -> None:
    rng = np.random.default_rng(11)
    noticed = 0
    for n in range(20):
        cost = tiles(rng, 20, 6)
        begin = 5 * WEEK + n % 5 * HOURS * STEP + n * 7 % 24 * STEP
        cost[begin : begin + 2 * STEP] *= 3
        noticed += episodes(unusual(cost, 5 * WEEK)[begin : begin + 3 * STEP]) > 0
    assert noticed >= 14
