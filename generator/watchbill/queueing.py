"""Queueing maths: how many workers a load needs, and how long a backlog takes. Erlangs and seconds.

Symbols: a offered load (arrivals per second x mean service seconds), c workers, P probability that a job has to wait.
Sources: Erlang (1917); Halfin and Whitt, "Heavy-traffic limits for queues with many exponential servers" (1981).
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()
PRECISION = 1e-12


def erlang_c(workers: int, load: float) -> float:
    """Return P(wait > 0) in M/M/c; 1 where the load cannot be served. Erlang B by recursion, then C from B."""
    if load >= workers:
        return 1.0
    if load <= 0:
        return 0.0
    blocked = 1.0
    for c in range(1, workers + 1):
        blocked = load * blocked / (c + load * blocked)
    return blocked / (1 - load / workers * (1 - blocked))


def delay_probability(beta: float) -> float:
    """Return P(wait > 0) of Halfin and Whitt with c = a + beta sqrt(a) workers, in the limit of large a."""
    if beta <= 0:
        return 1.0
    return 1 / (1 + beta * _NORMAL.cdf(beta) / _NORMAL.pdf(beta))


@lru_cache(maxsize=1024)
def safety(delayed: float) -> float:
    """Return beta so that a share `delayed` (0..1, both excluded) of jobs has to wait at all; by bisection."""
    if not 0 < delayed < 1:
        raise ValueError(f"{delayed} is not a share between 0 and 1")
    low, high = 0.0, 1.0
    while delay_probability(high) > delayed:
        high *= 2
    while high - low > PRECISION:
        middle = (low + high) / 2
        low, high = (middle, high) if delay_probability(middle) > delayed else (low, middle)
    return high


def workers_needed(load: float, delayed: float, backlog_seconds: float = 0.0, drain: float = math.inf) -> int:
    """Return workers so that about a share `delayed` of jobs waits, and a backlog is worked off in `drain` seconds.

    `backlog_seconds` is the work that waits: jobs x mean service. The square-root rule is one worker short of exact
    Erlang C at times, so one is added: enough where 5 % of jobs or more may wait. Below that it can still be one short
    (measured for loads from 0.1 to 500).
    """
    return math.ceil(load + safety(delayed) * math.sqrt(load) + backlog_seconds / drain) + 1
