"""What happens to each objective: its traffic, the incident it had, and whether it has one now."""

from dataclasses import dataclass
from math import pi

import numpy as np

from lab.demo_history.times import Floats, Times
from watchbill import burn
from watchbill.kinds.objectives.facts import Facts

LEAD = 2 * 3600
"""Seconds of quiet before the first incident and after the last old one."""
STAGGER = 70 * 60
MARGIN = 12 * 60
ONGOING = 75 * 60
"""How long the incident of now has lasted, seconds."""
CALM = 0.3
"""Errors in quiet times, as a share of what the objective allows."""


@dataclass(frozen=True)
class Story:
    """The error ratio of one objective and group over time: calm, an old incident, and perhaps one now."""

    times: Floats
    ratio: Floats
    traffic: Floats

    @property
    def stamps(self) -> list[float]:
        found: list[float] = self.times.tolist()
        return found

    def counts(self, rng: np.random.Generator, per_second: float, step: int) -> tuple[Floats, Floats]:
        """Events and errors since the sample before."""
        events = rng.poisson(per_second * step * self.traffic)
        return events.astype(float), rng.binomial(events, self.ratio).astype(float)


def tell(facts: Facts, number: int, *, first: bool, ongoing: bool, times: Times) -> Story:
    """Tell the story of the `number`th objective; incidents hit its `first` group only."""
    at = np.array(times.scrapes(), dtype=float)
    slots = facts.sli.samples_slots
    calm = 0.0 if slots else CALM * facts.budget_ratio
    ratio = np.full(len(at), calm)
    if first:
        tier = facts.tiers[0]
        threshold = tier.burn_rate(facts.period.length) * facts.budget_ratio
        bad = 1.0 if slots else min(0.95, 4 * threshold)
        lasts = (
            1.5 * burn.detection_time(tier.long, threshold, bad) / 1000 + MARGIN
        )  # at night traffic is below its mean
        begin = min(times.begin + LEAD + STAGGER * number, times.now - LEAD - lasts)
        ratio[(at >= begin) & (at < begin + lasts)] = bad
        if ongoing:
            ratio[at >= times.now - ONGOING] = bad
    traffic = 1 + 0.25 * np.sin(2 * pi * (at % 86400) / 86400)
    return Story(at, ratio, traffic)
