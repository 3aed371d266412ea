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
