"""When the past took place: far back a sample every five minutes, of late one every scrape."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from lab.demo_history.times import SCRAPE, SLOW, TILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY = 86400
FINE = 7 * 3600
"""Seconds at the end with a sample each scrape: what the windows of up to six hours are made of."""
DERIVED = 2 * DAY
"""Seconds at the end for which the slow rules are evaluated: graphs of budgets begin there."""


@dataclass(frozen=True)
class Grid:
    """Unix seconds."""

    end: int
    days: int

    @property
    def begin(self) -> int:
        return (self.end - self.days * DAY) // SLOW * SLOW

    @property
    def fine(self) -> int:
        return (self.end - FINE) // SLOW * SLOW

    @property
    def now(self) -> int:
        return self.end

    @property
    def trouble(self) -> float:
        """Nothing goes wrong of late: what does is for faults to do."""
        return inf

    @property
    def derived(self) -> int:
        return self.end // SLOW * SLOW - DERIVED

    def scrapes(self) -> list[float]:
        found: list[float] = self.stamps().tolist()
        return found

    def stamps(self) -> NDArray[np.float64]:
        coarse = np.arange(self.begin, self.fine, SLOW, dtype=float)
        return np.concatenate([coarse, np.arange(self.fine, self.end + 1, SCRAPE, dtype=float)])

    def gaps(self) -> NDArray[np.float64]:
        """Return the seconds between each sample and the one before."""
        stamps = self.stamps()
        return np.diff(stamps, prepend=stamps[0] - SLOW)

    def backfill(self) -> tuple[int, int, int]:
        """Return begin, end and step of the five-minute tiles that are made of raw samples."""
        return self.begin + 2 * SLOW, self.fine + SLOW, SLOW

    def steps(self, interval: int, *, rolls_up: bool) -> tuple[int, int, int]:
        """Return begin, end and step of a rule group; roll-ups go on where the backfill ends."""
        if interval <= TILE:
            return self.fine + TILE, self.end, interval
        return self.fine + 2 * SLOW if rolls_up else self.derived, self.end, interval
