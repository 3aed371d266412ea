"""What the scenario families share: groups of the objective, labels, series of recorded values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.kinds.objectives.recording import tier_labels
from watchbill.kinds.slis.history import values
from watchbill.model import Labels, Records, Series
from watchbill.promql import Selector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill.burn import Tier
    from watchbill.kinds.objectives.facts import Facts

Group = dict[str, str]
Histories = list[tuple[Group, list[float]]]
"""Each group's errors, tile by tile; all groups have the same events."""


def groups(facts: Facts) -> list[Group]:
    """Return up to two label sets the objective is kept for, that its selectors and allow-lists let through."""
    out: list[Group] = [{}, {}]
    for label in facts.sli.by:
        found = list(label.values) or _values(facts, label.name)
        for i, group in enumerate(out):
            group[label.name] = found[min(i, len(found) - 1)]
    return out if out[0] != out[1] else out[:1]


def _values(facts: Facts, name: str) -> list[str]:
    matchers = tuple(m for i in facts.sli.inputs() for m in i.selector.on([name]))
    first = Selector("x", matchers).example(fixed={} if matchers else {name: f"{name}-1"}) or {}
    tries = (f"{name}-1", f"{name}-2", "a", "b", *(m.value for m in matchers), first.get(name, ""))
    fitting = [v for v in dict.fromkeys(tries) if v and all(m.matches({name: v}) for m in matchers)]
    return fitting or [first.get(name, f"{name}-1")]


def labels(facts: Facts, group: Group, extra: Labels = ()) -> Labels:
    """Return the labels of a recorded series of the SLO."""
    return tuple(sorted({**dict(facts.labels), **group, **dict(extra)}.items()))


def alert_labels(facts: Facts, tier: Tier, group: Group) -> Labels:
    """Return the labels of a firing alert."""
    return labels(facts, group, tier_labels(facts, tier))


def series(facts: Facts, record: str, group: Group, samples: Sequence[float | None]) -> Series:
    """Return a recorded series as input."""
    return Series(record, labels(facts, group), values(list(samples)))


def records(
    facts: Facts,
    record: str,
    at: int,
    found: Sequence[tuple[Group, float]],
    extra: Labels = (),
    tolerance: float = 1e-9,
) -> Records:
    """Return the expectation that a recorded family has exactly these samples at `at` ms."""
    own = (("service", facts.service), ("slo", facts.name))
    samples = tuple((labels(facts, group, extra), value) for group, value in found)
    return Records(record, own, at, samples, tolerance)


def tile_samples(facts: Facts, length: int, step: int, at: int) -> range:
    """Return the indices of the tiles, one each `step` ms, that a sum over `length` ms evaluated at `at` adds up."""
    return samples_in(length, step, at - facts.timing.lag)


def samples_in(length: int, step: int, at: int) -> range:
    """Return the indices of samples, one each `step` ms from 0, in the `length` ms up to and including `at`."""
    first = max(0, (at - length) // step + 1)
    return range(first, at // step + 1)


def ramp(facts: Facts, count: int) -> tuple[list[float], list[float], list[float]]:
    """Return rising events, errors well over the budget, and errors that stay below it, in whole numbers."""
    events = [float(1000 * (i + 1)) for i in range(count)]
    slope = max(1, round(1000 * min(0.9, 3 * facts.budget_ratio)))
    over = [float(slope * (i + 1) + 13) for i in range(count)]
    under = [1.0 if i == count // 2 and facts.budget_ratio > 1e-3 else 0.0 for i in range(count)]
    return events, over, under


def drifting(facts: Facts, pace: int, last: int) -> int:
    """Return an interval (ms) of samples that come ever earlier before their evaluations, one each `pace` ms.

    At the `last` evaluation they are 1.2 lags early, half way there 0.6: a read with half the lag or twice the lag
    then ends with another sample.
    """
    return pace - max(1, facts.timing.lag * 6 // 5 // last)


def dense(facts: Facts) -> int:
    """Return an interval (ms) of samples that shows where reads begin and end: half a lag, if tiles are not long."""
    return max(1, facts.timing.lag // 2, facts.timing.tile // 24)
