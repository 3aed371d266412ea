"""Data set A: forty instances that never change, and one outage at peak traffic.

200 counters (40 instances x 5 codes) every 30 s, traffic +-80 % through the day and 40 % lower at weekends, 0.04 %
errors in the background, 30 % for the 60 minutes of the outage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.rule_cost.data.history import DAY, DAYS, SCRAPE, SEED, Floats, Ints, Series, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator

JOB = "api"
METRIC = "http_requests_total"
INSTANCES = 40
SHARES = {"200": 0.90, "201": 0.08, "404": 0.02}  # of the good
BAD_SHARES = {"500": 0.7, "503": 0.3}  # of the bad
EVENTS_PER_SCRAPE = 42.0
BACKGROUND = 0.0004
OUTAGE_RATIO = 0.30
OUTAGE = (16.25 * DAY - 1_800, 16.25 * DAY + 1_800)  # the daily peak is at a quarter of the day


def instance_name(number: int) -> str:
    return f"10.0.0.{number}:8080"


def _times(number: int, start: float) -> Floats:
    phase = round(SCRAPE * number / INSTANCES, 3) + 0.25
    return start + phase + SCRAPE * np.arange(DAYS * DAY // SCRAPE, dtype=np.float64)


def _rates(since_start: Floats) -> tuple[Floats, Floats]:
    """Return the expected (good, bad) events of the scrape interval that ends at each time."""
    daily: Floats = 1 + 0.8 * np.sin(2 * np.pi * since_start / DAY)
    weekend = np.where(since_start // DAY % 7 >= 5, 0.6, 1.0)
    events: Floats = EVENTS_PER_SCRAPE * daily * weekend
    bad = np.where((since_start > OUTAGE[0]) & (since_start <= OUTAGE[1]), OUTAGE_RATIO, BACKGROUND)
    return events * (1 - bad), events * bad


def _increments(number: int, times: Floats, start: float) -> dict[str, Ints]:
    """Events per code and scrape interval; the same for the same seed, whatever the start."""
    rng = np.random.default_rng((SEED, number))
    good, bad = _rates(times - start)
    parts = [(code, good * share) for code, share in SHARES.items()]
    parts += [(code, bad * share) for code, share in BAD_SHARES.items()]
    return {code: rng.poisson(rate).astype(np.int64) for code, rate in parts}


def series(number: int, start: float) -> Iterator[Series]:
    """Return the counters and the `up` of one instance."""
    times = _times(number, start)
    target = {"job": JOB, "instance": instance_name(number)}
    for code, increments in _increments(number, times, start).items():
        yield Series(METRIC, {**target, "code": code}, times, 1_000 + np.cumsum(increments))
    yield Series("up", target, times, np.ones(len(times), dtype=np.int64))


def truth(start: float, after: float, until: float) -> Truth:
    """Return what was counted in (after, until]."""
    total = Truth(0, 0)
    for number in range(INSTANCES):
        times = _times(number, start)
        inside = (times > after) & (times <= until)
        counts = {code: int(found[inside].sum()) for code, found in _increments(number, times, start).items()}
        total += Truth(sum(counts[code] for code in BAD_SHARES), sum(counts.values()))
    return total
