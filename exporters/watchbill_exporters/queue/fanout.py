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
    observed: bool
    histogram: Histogram = field(default_factory=lambda: Histogram(JOBS))


class Fanout:
    """A firing is taken once two reads in a row saw as many jobs of it; the one before the first read is not."""

    def __init__(self) -> None:
        self._firings: dict[str, _Firing] = {}

    def take(self, schedule: str, at: float, jobs: int) -> Distribution | None:
        known = self._firings.get(schedule)
        if known is None:
            if len(self._firings) >= MOST:
                return None
            known = self._firings[schedule] = _Firing(at, jobs, observed=True)
        elif at > known.at:
            if not known.observed:  # the next one came before a second look at it
                known.histogram.observe(known.jobs)
            known.at, known.jobs, known.observed = at, jobs, False
        elif not known.observed and jobs == known.jobs:
            known.histogram.observe(jobs)
            known.observed = True
        else:
            known.jobs = jobs
        return known.histogram.freeze()
