"""How many jobs one firing of a schedule puts in, for back ends that show the last firing only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from watchbill_exporters.queue.catalogue import JOBS
from watchbill_exporters.queue.tally import Histogram

if TYPE_CHECKING:
    from watchbill_exporters.queue.snapshot import Distribution

MOST = 10_000


@dataclass
class _Firing:
    at: float
    jobs: int
    settled: bool
    observed: bool
    histogram: Histogram = field(default_factory=lambda: Histogram(JOBS))

    def observe(self) -> None:
        self.histogram.observe(self.jobs)
        self.observed = True


class Fanout:
    """A firing counts once two reads in a row saw as many jobs of it; the one before the first read does not count."""

    def __init__(self) -> None:
        self._firings: dict[str, _Firing] = {}

    def take(self, schedule: str, at: float, jobs: int, *, settled: bool = True) -> Distribution | None:
        """Take a look; `settled` is False as long as the firing still puts jobs in."""
        known = self._firings.get(schedule)
        if known is None:
            if len(self._firings) >= MOST:
                return None
            known = self._firings[schedule] = _Firing(at, jobs, settled, observed=True)
        elif at > known.at:
            if known.settled and not known.observed:  # the next one came before a second look at it
                known.observe()
            known.at, known.jobs, known.settled, known.observed = at, jobs, settled, False
        elif not known.observed and settled and known.settled and jobs == known.jobs:
            known.observe()
        else:
            known.jobs, known.settled = jobs, settled
        return known.histogram.freeze()
