"""What every kind needs to know of the service it is lowered for: names, words and timing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import MINUTE
from watchbill.model import LabelMatcher

if TYPE_CHECKING:
    from watchbill.model import Labels


STALE_READ = 3


def stale_read(pace: int) -> int:
    """Return how old, in ms, what is read of a series that is recorded every `pace` ms may be."""
    return max(15 * MINUTE, STALE_READ * pace)


@dataclass(frozen=True, slots=True)
class Timing:
    """Rule timing, ms: tile (rule interval), slow tile, settle offset, bridge over scrape gaps, lag, scrape interval.

    `lag`: sums over tiles of another group are read this late, so that a group still evaluating is not read half.
    """

    tile: int
    slow: int
    settle: int
    bridge: int
    lag: int
    scrape: int
    left_open: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """The service, resolved. `labels` go on every rule; `severities` are the host's words for page, ticket and info.

    `objectives` are the names of the spec's objectives, for items that refer to one.
    """

    service: str
    owner: str
    labels: Labels
    severities: Labels
    timing: Timing
    objectives: tuple[str, ...] = ()

    @property
    def mark(self) -> LabelMatcher:
        """Return the matcher that selects the service's alerts."""
        return LabelMatcher(conventions.MARKER, "=", self.service)

    def severity(self, level: str) -> str:
        """Return the host's word for a severity."""
        return dict(self.severities).get(level, level)
