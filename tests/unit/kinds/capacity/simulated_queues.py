"""Queues minute by minute: a day's tide, bursts, lost workers, slow jobs and an hourly schedule.

Numbers follow the study the limits come from: 20 workers, busy up to 90 % at peak, 80 jobs each hour on the hour. One
array holds all queues; the generator is seeded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
WORKERS, SERVICE, SCHEDULED = 20, 60.0, 80
DAY = 1440
MERGE = 10
"""Minutes between two episodes that are one."""


@dataclass(frozen=True)
class World:
    """Minutes x queues: jobs that wait, arrivals per second over an hour, what workers can do per second."""

    depth: Floats
    arrivals: Floats
    capacity: Floats

    @property
    def wait(self) -> Floats:
        found: Floats = self.depth / self.capacity
        return found

    @property
    def forecast(self) -> Floats:
        found: Floats = np.maximum(self.depth + 900 * (self.arrivals - self.capacity), 0) / self.capacity
        return found


def simulate(queues: int, days: int, seed: int) -> World:
    rng = np.random.default_rng(seed)
    minutes = days * DAY
    at = np.arange(minutes)[:, None]
    steady = (0.9 * WORKERS * 60 / SERVICE - SCHEDULED / 60) / 1.45
    rate = steady * (1 + 0.45 * np.sin(2 * np.pi * at / DAY)) * (1 + 0.1 * at / minutes) * np.ones((1, queues))
    workers = np.full((minutes, queues), float(WORKERS))
    service = np.full((minutes, queues), SERVICE)
    for q in range(queues):
        for begin in rng.choice(minutes, rng.poisson(days / 2)):
            rate[begin : begin + 10, q] += rng.uniform(10, 60)
        for begin in rng.choice(minutes, rng.poisson(days / 4)):
            workers[begin : begin + rng.integers(20, 90), q] *= rng.uniform(0.1, 0.6)
        for begin in rng.choice(minutes, rng.poisson(days / 6)):
            service[begin : begin + rng.integers(30, 120), q] *= rng.uniform(1.3, 2)
    came = rng.poisson(rate).astype(float)
    came[30::60] += rng.poisson(SCHEDULED, came[30::60].shape)
    workers = np.maximum(np.round(workers), 1)
    able = rng.poisson(workers * 60 / service).astype(float)
    depth, done = np.zeros_like(came), np.zeros_like(came)
    waiting = np.zeros(queues)
    for i in range(minutes):
        waiting = waiting + came[i]
        done[i] = np.minimum(waiting, able[i])
        waiting = waiting - done[i]
        depth[i] = waiting
    mean = _over(done * service, 30) / np.maximum(_over(done, 30), 1e-9)
    return World(depth, _over(came, 60) / 60, workers / np.where(mean > 0, mean, SERVICE))


def _over(values: Floats, window: int) -> Floats:
    """Return the mean of the last `window` minutes."""
    summed = np.cumsum(np.vstack([np.zeros((1, values.shape[1])), values]), axis=0)
    low = np.maximum(np.arange(len(values)) + 1 - window, 0)
    found: Floats = (summed[1:] - summed[low]) / (np.arange(len(values)) + 1 - low)[:, None]
    return found


def held(condition: Flags, minutes: int) -> Flags:
    """Return where a condition has held for so many minutes on end."""
    out, run = np.zeros_like(condition), np.zeros(condition.shape[1])
    for i, now in enumerate(condition):
        run = np.where(now, run + 1, 0)
        out[i] = run > minutes
    return out


def episodes(flags: Flags) -> list[tuple[int, int, int]]:
    """Return (queue, first, last) of each run, those close together as one."""
    found: list[tuple[int, int, int]] = []
    for q in range(flags.shape[1]):
        for i in np.flatnonzero(flags[:, q]).tolist():
            if found and found[-1][0] == q and i - found[-1][2] <= MERGE:
                found[-1] = (q, found[-1][1], i)
            else:
                found.append((q, i, i))
    return found


@dataclass(frozen=True)
class Score:
    """How an alert did. `false` episodes per queue and 30 days."""

    precision: float
    recall: float
    false: float
    fired: int


def score(world: World, fires: Flags, limit: float, least: int = 3) -> Score:
    """Compare an alert with true violations: waits above `limit` seconds. It is right up to 20 minutes ahead.

    Violations of less than `least` minutes need not be found.
    """
    true, found = _by_queue(episodes(world.wait > limit)), _by_queue(episodes(fires))

    def near(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
        return one[1] <= other[2] + 1 and other[1] <= one[2] + 20

    right = [e for q, listed in found.items() for e in listed if any(near(e, v) for v in true.get(q, ()))]
    wanted = [v for listed in true.values() for v in listed if v[2] - v[1] + 1 >= least]
    seen = [v for v in wanted if any(near(e, v) for e in found.get(v[0], ()))]
    fired = sum(map(len, found.values()))
    months = world.depth.shape[0] * world.depth.shape[1] / (30 * DAY)
    return Score(len(right) / max(1, fired), len(seen) / max(1, len(wanted)), (fired - len(right)) / months, fired)


def _by_queue(listed: list[tuple[int, int, int]]) -> dict[int, list[tuple[int, int, int]]]:
    found: dict[int, list[tuple[int, int, int]]] = {}
    for one in listed:
        found.setdefault(one[0], []).append(one)
    return found
