"""Which scrape jobs feed which objectives, from the `job` matchers of what they read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.kinds.slis import Composite
from watchbill.kinds.slis.base import CounterSli
from watchbill.promql import Op

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from watchbill.kinds.objectives.facts import Facts


@dataclass(frozen=True, slots=True)
class Job:
    """A job that feeds objectives; `level` is page if one of them pages."""

    name: str
    level: str


def jobs(listed: Sequence[Facts], without_up: Iterable[str] = ()) -> tuple[Job, ...]:
    """Return the jobs with an `up` that feed objectives, in the order met."""
    skipped = frozenset(without_up)
    levels: dict[str, str] = {}
    for facts in listed:
        for name in _watched(facts):
            if name not in skipped:
                levels[name] = "page" if pages(facts) or levels.get(name) == "page" else "ticket"
    return tuple(Job(name, level) for name, level in levels.items())


def pages(facts: Facts) -> bool:
    """Whether the objective can wake somebody."""
    return facts.on_no_data == "page" or any(tier.severity == "page" for tier in facts.tiers)


def explained(listed: Sequence[Facts]) -> dict[str, tuple[str, ...]]:
    """Return by job the objectives that only it feeds: when it is down, that is why they are as they are.

    An objective on `up` itself is about just that, and goes on telling.
    """
    alone: dict[str, str] = {}
    for facts in listed:
        sources = _sources(facts)
        if len(sources) == 1 and not _on_up(facts):
            alone[facts.name] = next(iter(sources))
    for facts in listed:
        if isinstance(facts.sli, Composite):
            parts = {alone.get(c.slo, "") for c in facts.sli.of}
            if len(parts) == 1:
                alone[facts.name] = next(iter(parts))
    found: dict[str, list[str]] = defaultdict(list)
    for facts in listed:
        if alone.get(facts.name):
            found[alone[facts.name]].append(facts.name)
    return {job: tuple(names) for job, names in found.items()}


def _on_up(facts: Facts) -> bool:
    return any(i.selector.metric == "up" for i in facts.sli.inputs())


def _has_up(facts: Facts) -> bool:
    """Whether its targets have an `up`: counters that are pushed or relayed say so in the spec."""
    sli = facts.sli
    return not (isinstance(sli, CounterSli) and (sli.new_series == "ignore" or sli.liveness is not None))


def _watched(facts: Facts) -> Iterator[str]:
    return (job for job in sorted(_sources(facts)) if job)


def _sources(facts: Facts) -> set[str]:
    """Return the jobs its inputs name; an empty name stands for a source nobody can tell to be down."""
    if not _has_up(facts):
        return {""}
    found = set()
    for one in facts.sli.inputs():
        named = [m.value for m in one.selector.on(("job",)) if m.op is Op.EQ]
        found.add(named[0] if named else "")
    return found
