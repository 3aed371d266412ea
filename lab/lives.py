"""One simulated process: its events, restarts and outages as a seeded function of time alone."""

import bisect
import random
from dataclasses import dataclass, field

GOOD = "200"


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 repeatable, not secret


@dataclass(frozen=True)
class Behaviour:
    """How a target lives and how well it can be scraped; times in seconds from the opening of the traffic."""

    requests_per_second: float = 10
    error_ratio: float = 0.06
    error_codes: tuple[str, ...] = ("500", "503")
    history: int = 1000
    delay: tuple[float, float] = (0.0, 0.05)
    failed_scrapes: float = 0.0
    restart_every: float | None = None
    renames_on_restart: bool = False
    outage: tuple[float, float] | None = None
    restarts_in_outage: bool = False
    hidden: tuple[float, float, float] | None = None  # code series leave the exposition: first at, every, for
    joins_at: float | None = None


@dataclass
class Truth:
    """Every event that happened, in order."""

    times: list[float] = field(default_factory=list)
    error_times: list[float] = field(default_factory=list)

    def events(self, since: float = 0, until: float = float("inf")) -> int:
        return bisect.bisect_right(self.times, until) - bisect.bisect_right(self.times, since)

    def errors(self, since: float = 0, until: float = float("inf")) -> int:
        return bisect.bisect_right(self.error_times, until) - bisect.bisect_right(self.error_times, since)


class Life:
    """Counters of one target; `advance(now)` brings them up to date and is the only thing that moves them."""

    def __init__(self, behaviour: Behaviour, seed: int, born: float) -> None:
        self.behaviour = behaviour
        self.truth = Truth()
        self.number = 0
        self.born = born
        self.counters: dict[str, int] = {GOOD: behaviour.history, behaviour.error_codes[0]: behaviour.history // 20}
        self.history = dict(self.counters)
        self._arrivals = seeded(seed)
        self._fates = seeded(seed + 1)
        self._next_arrival = self._next_restart = float("inf")
        self._opened = self._closed = float("inf")

    def open(self, at: float) -> None:
        """Let events, restarts, outages and hidings begin."""
        self._opened = at
        self._next_arrival = at + self._arrivals.expovariate(self.behaviour.requests_per_second)
        if self.behaviour.outage and self.behaviour.restarts_in_outage:
            self._next_restart = at + self.behaviour.outage[0] + self.behaviour.outage[1] / 2
        elif self.behaviour.restart_every:
            self._next_restart = at + self._fates.uniform(0, self.behaviour.restart_every)

    def close(self, at: float) -> None:
        self.advance(at)
        self._closed = at

    def advance(self, now: float) -> None:
        until = min(now, self._closed)
        while min(self._next_arrival, self._next_restart) <= until:
            if self._next_restart < self._next_arrival:
                self._restart(self._next_restart)
            else:
                self._arrive(self._next_arrival)

    def _restart(self, at: float) -> None:
        self.number += 1
        self.born = at
        self.counters = {GOOD: 0}
        every = self.behaviour.restart_every
        self._next_restart = at + every * self._fates.uniform(0.6, 1.4) if every else float("inf")

    def _arrive(self, at: float) -> None:
        self.truth.times.append(at)
        code = GOOD
        if self._arrivals.random() < self.behaviour.error_ratio:
            code = self._arrivals.choice(self.behaviour.error_codes)
            self.truth.error_times.append(at)
        self.counters[code] = self.counters.get(code, 0) + 1
        self._next_arrival = at + self._arrivals.expovariate(self.behaviour.requests_per_second)

    def since_open(self, now: float) -> float:
        return min(now, self._closed) - self._opened

    def is_down(self, now: float) -> bool:
        outage = self.behaviour.outage
        return outage is not None and outage[0] <= self.since_open(now) < outage[0] + outage[1]

    def is_listed(self, now: float) -> bool:
        """Whether service discovery knows of it."""
        joins = self.behaviour.joins_at
        return joins is None or self.since_open(now) >= joins

    def hides(self, now: float) -> bool:
        if self.behaviour.hidden is None or now >= self._closed:
            return False
        first, every, duration = self.behaviour.hidden
        age = self.since_open(now) - first
        return age >= 0 and age % every < duration
