"""How often the queue alerts are right, on simulated queues with fixed seeds: 20 of them for 30 days."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.unit.kinds.capacity.simulated_queues import Flags, World, held, score, simulate
from watchbill.durations import MINUTE
from watchbill.kinds.capacity.queue.alerts import BACKLOG_PENDING, FORECAST_PENDING, HIGH, HIGH_PENDING, LONG_ALREADY

WITHIN, DRAIN = 600.0, 900.0
seeds = pytest.mark.parametrize("seed", [7, 8])


@cache
def world(seed: int) -> World:
    return simulate(20, 30, seed)


def forecast(found: World) -> Flags:
    return held((found.forecast > WITHIN) & (found.wait > LONG_ALREADY * WITHIN), FORECAST_PENDING // MINUTE)


def not_draining(found: World) -> Flags:
    """A first-in-first-out queue whose wait is too long soon has an oldest job that is too old."""
    stuck = (found.wait > WITHIN) & (found.depth > DRAIN * (found.capacity - found.arrivals))
    return held(stuck, BACKLOG_PENDING // MINUTE)


@seeds
def test_the_forecast_is_right_and_finds_floods(seed: int) -> None:
    got = score(world(seed), forecast(world(seed)), WITHIN)
    print(got)
    assert got.fired > 300
    assert got.precision >= 0.96
    assert got.recall >= 0.92
    assert got.false <= 0.9


@seeds
def test_both_pages_together_find_nearly_all(seed: int) -> None:
    got = score(world(seed), forecast(world(seed)) | not_draining(world(seed)), WITHIN)
    assert got.precision >= 0.96
    assert got.recall >= 0.97


@seeds
def test_the_ticket_on_a_high_wait_is_mostly_right(seed: int) -> None:
    got = score(world(seed), held(world(seed).wait > HIGH * WITHIN, HIGH_PENDING // MINUTE), WITHIN)
    early = score(world(seed), held(world(seed).wait > 0.5 * WITHIN, 3), WITHIN)
    assert got.precision >= 0.85
    assert early.precision < 0.6
    assert got.recall >= 0.95
    assert got.false <= 3.5
    assert early.false > 14


@seeds
def test_a_line_through_the_depth_is_mostly_wrong(seed: int) -> None:
    """predict_linear(depth[1h], 4 * 3600) > limit: each scheduled burst is extrapolated."""
    found = world(seed)
    back, weights = 60, np.arange(60) - 29.5
    windows = np.lib.stride_tricks.sliding_window_view(found.depth, back, axis=0)
    slope = (windows * weights).sum(axis=2) / (weights**2).sum()
    ahead = windows.mean(axis=2) + slope * (29.5 + 240)
    fires = np.zeros_like(found.depth, dtype=bool)
    fires[back - 1 :] = ahead > WITHIN * found.capacity[back - 1 :]
    got = score(found, fires, WITHIN)
    assert got.precision < 0.3
    assert got.false > 50
