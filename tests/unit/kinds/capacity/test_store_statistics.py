"""False alarms of forecasts on simulated stores: the line through daily highs against lines through hours."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from watchbill.kinds.capacity.store.alerts import USUAL

Floats = NDArray[np.float64]
LIMIT, DAY, WEEK = 1.0, 24, 168
STORES, DAYS = 60, 42
HORIZON = 14.0
"""Days before it is full that a ticket is for."""


@cache
def sizes(seed: int) -> tuple[Floats, Floats]:
    """Return hours x stores, and the growth per day that each really has.

    Each night a batch is written and removed in the morning; weekends are quiet; one store in three jumps once.
    """
    rng = np.random.default_rng(seed)
    hours = np.arange(DAYS * DAY)[:, None]
    growth = rng.uniform(0, 0.005, STORES)
    start = rng.uniform(0.52, 0.7, STORES)
    batch = rng.uniform(0.05, 0.15, STORES) * ((hours % DAY >= 2) & (hours % DAY < 9))
    workday = np.where((hours // DAY) % 7 < 5, 1.2, 0.5)
    level = start + growth * np.cumsum(workday, axis=0) / DAY
    jumps = np.where(rng.random(STORES) < 1 / 3, rng.uniform(0.05, 0.1, STORES), 0)
    level = level + jumps * (hours >= rng.integers(10 * DAY, 25 * DAY, STORES))
    return level + batch + rng.normal(0, 0.002, level.shape), growth


def highs(size: Floats) -> Floats:
    shifted = np.lib.stride_tricks.sliding_window_view(size, DAY, axis=0).max(axis=2)
    return np.vstack([np.maximum.accumulate(size[: DAY - 1], axis=0), shifted])


def slopes(values: Floats, window: int) -> Floats:
    """Return growth per day of the least-squares line through each window; NaN before the first whole one."""
    weights = np.arange(window) - (window - 1) / 2
    windows = np.lib.stride_tricks.sliding_window_view(values, window, axis=0)
    found = np.full(values.shape, np.nan)
    found[window - 1 :] = (windows * weights).sum(axis=2) / (weights**2).sum() * DAY
    return found


def usual(high: Floats) -> Floats:
    grown = np.full(high.shape, np.nan)
    grown[DAY:] = high[DAY:] - high[:-DAY]
    windows = np.lib.stride_tricks.sliding_window_view(grown, WEEK, axis=0)[:, :, ::6]
    found = np.full(high.shape, np.nan)
    found[WEEK - 1 :] = np.median(windows, axis=2)
    return found


def wrong(size: Floats, level: Floats, slope: Floats, growth: Floats, only: NDArray[np.bool_] | None = None) -> float:
    """Return the share of hours at which a ticket says "full in 14 days" of a store that has twice as long."""
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(slope > 0, np.maximum(LIMIT - level, 0) / slope, np.inf)
        truly = (LIMIT - highs(size)) / growth
    fires = (left < HORIZON) & (size > 0.5)
    if only is not None:
        fires &= only
    judged = slice(2 * WEEK, None)
    return float((fires & (truly > 2 * HORIZON))[judged].mean())


@pytest.mark.parametrize("seed", [3, 4])
def test_daily_highs_raise_hardly_a_false_alarm_and_hours_raise_them_daily(seed: int) -> None:
    size, growth = sizes(seed)
    high = highs(size)
    slope = slopes(high, WEEK)
    ours = wrong(size, high, slope, growth, usual(high) > USUAL * slope)
    unguarded = wrong(size, high, slope, growth)
    hours = wrong(size, size, slopes(size, 6), growth)
    print(ours, unguarded, hours)
    assert ours < 0.01
    assert unguarded > 2 * ours
    assert hours > 0.1


@pytest.mark.parametrize("seed", [3, 4])
def test_a_store_that_will_be_full_is_told_of_in_time(seed: int) -> None:
    size, growth = sizes(seed)
    faster = size + 0.02 * np.arange(len(size))[:, None] / DAY * np.ones((1, STORES))
    high = highs(faster)
    slope = slopes(high, WEEK)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (LIMIT - high) / slope
        fires = (slope > 0) & (left < HORIZON) & (faster > 0.5) & (usual(high) > USUAL * slope)
    full = np.argmax(high >= LIMIT, axis=0)
    judged = [q for q in range(STORES) if full[q] > 2 * WEEK]
    told = [full[q] - int(np.argmax(fires[:, q])) for q in judged if fires[: full[q], q].any()]
    assert len(judged) >= 10
    assert len(told) == len(judged)
    assert np.median(told) / DAY > 4
    assert growth.min() >= 0
