"""When the demo takes place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SCRAPE = 15
TILE = 30
SLOW = 300
Floats = NDArray[np.float64]


class Past(Protocol):
    """What made-up series need to know of time; Unix seconds."""

    @property
    def now(self) -> int: ...

    @property
    def trouble(self) -> float:
        """When what goes wrong lately goes wrong: `now`, or never."""

    @property
    def begin(self) -> int: ...

    @property
    def derived(self) -> int:
        """When what slow rules record begins."""

    def scrapes(self) -> Sequence[float]: ...

    def gaps(self) -> Floats:
        """Return the seconds between each sample and the one before."""


@dataclass(frozen=True)
class Times:
    """Unix seconds. History reaches on beyond `now`, so that the server looks alive for a while."""

    now: int
    hours: float = 26
    ahead: int = 1800

    @property
    def begin(self) -> int:
        return _down(self.now - int(self.hours * 3600))

    @property
    def end(self) -> int:
        return _down(self.now + self.ahead)

    @property
    def trouble(self) -> float:
        return self.now

    @property
    def derived(self) -> int:
        return self.begin

    def scrapes(self) -> range:
        return range(self.begin, self.end + 1, SCRAPE)

    def gaps(self) -> Floats:
        return np.full(len(self.scrapes()), float(SCRAPE))

    def steps(self, interval: int) -> range:
        """The evaluations of a rule group, seconds apart."""
        return range(self.begin, self.end + 1, interval)


def _down(at: int) -> int:
    return at // SLOW * SLOW
