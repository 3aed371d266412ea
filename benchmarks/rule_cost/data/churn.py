"""Data set B: about 200 series at a time of pods that are all replaced every day, with few tasks each.

120 pods, 100 tasks a day each, 1 % errors (fewer pods would have too few errors to tell 0.1 % of them). A pod is a new
`instance`; its error series appears with its first error; every tenth pod is restarted once and counts from 0 again;
0.5 % of scrapes fail. A pod works before its first scrape, and drains before its last.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.rule_cost.data.history import DAY, DAYS, SCRAPE, SEED, Flags, Floats, Ints, Series, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator

JOB = "agents"
METRIC = "agent_tasks_total"
PODS = 120
TASKS_PER_POD = 100.0  # a day
ERROR_RATIO = 0.01
FAILED_SCRAPES = 0.005
RESTARTED = 0.1
DRAIN = 45.0
DEPLOY = 10 * 3_600 + 7.0
ROLLING = 5.0


@dataclass(frozen=True)
class Pod:
    """One pod's life, in seconds since the start of the history."""

    name: str
    born: float
    dies: float
    phase: float
    tasks: Floats
    failed: Flags
    """One flag per task."""
    restart: float | None
    missed: Flags
    """One flag per scrape: it failed."""

    @property
    def scrapes(self) -> Floats:
        first = self.born + (self.phase - self.born) % SCRAPE
        return np.arange(first, self.dies, SCRAPE)


@cache
def pods() -> tuple[Pod, ...]:
    rng = np.random.default_rng((SEED, 1_000))
    return tuple(_pod(rng, day, slot) for day in range(-1, DAYS) for slot in range(PODS))


def _pod(rng: np.random.Generator, day: int, slot: int) -> Pod:
    born = max(0.0, day * DAY + DEPLOY + slot * ROLLING)
    dies = min(float(DAYS * DAY), (day + 1) * DAY + DEPLOY + slot * ROLLING)
    count = int(rng.poisson(TASKS_PER_POD * (dies - born) / DAY))
    tasks = np.sort(rng.uniform(born, dies - DRAIN, count))
    restart = float(rng.uniform(born, dies)) if rng.random() < RESTARTED else None
    phase = float(np.round(rng.uniform(0, SCRAPE), 3))
    missed = rng.random(int((dies - born) // SCRAPE) + 2) < FAILED_SCRAPES
    failed = rng.random(count) < ERROR_RATIO
    return Pod(f"agents-{day + 1}-{slot}", born, dies, phase, tasks, failed, restart, missed)


def series(start: float) -> Iterator[Series]:
    """Return the counters and the `up` of every pod."""
    for pod in pods():
        scrapes = pod.scrapes
        missed = pod.missed[: len(scrapes)]
        target = {"job": JOB, "instance": pod.name}
        yield Series("up", target, start + scrapes, (~missed).astype(np.int64))
        seen = scrapes[~missed]
        for status, tasks in (("ok", pod.tasks[~pod.failed]), ("error", pod.tasks[pod.failed])):
            counted = _counter(tasks, seen, pod.restart)
            shown = counted > 0 if status == "error" else np.ones(len(seen), dtype=bool)
            if shown.any():
                yield Series(METRIC, {**target, "status": status}, start + seen[shown], counted[shown])


def _counter(tasks: Floats, scrapes: Floats, restart: float | None) -> Ints:
    counted = np.searchsorted(tasks, scrapes, side="right")
    if restart is not None:
        counted = counted - np.where(scrapes >= restart, np.searchsorted(tasks, restart), 0)
    return counted.astype(np.int64)


def truth(start: float, after: float, until: float) -> Truth:
    """Return what was done in (after, until]."""
    total = Truth(0, 0)
    for pod in pods():
        inside = (start + pod.tasks > after) & (start + pod.tasks <= until)
        total += Truth(int((pod.failed & inside).sum()), int(inside.sum()))
    return total
