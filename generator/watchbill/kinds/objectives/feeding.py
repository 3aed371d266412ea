"""Which scrape jobs feed what is watched, from the `job` matchers of what it reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.kinds.feeds import UNKNOWN, Fed, sources
from watchbill.kinds.slis import Composite
from watchbill.kinds.slis.base import CounterSli

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from watchbill.kinds.objectives.facts import Facts


@dataclass(frozen=True, slots=True)
class Job:
    """A job that feeds what is watched; `level` is page if any of that pages."""

    name: str
    level: str


def jobs(listed: Iterable[Fed], without_up: Iterable[str] = ()) -> tuple[Job, ...]:
    """Return the jobs with an `up` that feed anything, in the order met."""
    skipped = frozenset((UNKNOWN, *without_up))
    levels: dict[str, str] = {}
    for one in listed:
        for name in sorted(one.sources - skipped):
            levels[name] = "page" if one.pages or levels.get(name) == "page" else "ticket"
    return tuple(Job(name, level) for name, level in levels.items())


def explained(listed: Iterable[Fed]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return by job, and by label, the names of what only it feeds: while it is down, they are as they are for that."""
    found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for one in listed:
        if one.only_source:
            of = found[one.only_source]
            of[one.label] = (*of.get(one.label, ()), one.name)
    return found


def fed(listed: Sequence[Facts]) -> Iterator[Fed]:
    """Yield what feeds objectives. A composite is fed by what its components are."""
    plain = {facts.name: _fed(facts) for facts in listed}
    for facts in listed:
        own = plain[facts.name]
        if isinstance(facts.sli, Composite):
            parts = {plain[c.slo].only_source for c in facts.sli.of if c.slo in plain}
            own = replace(own, sources=frozenset(parts) or own.sources)
        yield own


def pages(facts: Facts) -> bool:
    """Whether the objective can wake somebody."""
    return facts.on_no_data == "page" or any(tier.severity == "page" for tier in facts.tiers)


def _fed(facts: Facts) -> Fed:
    """Pushed and relayed counters have no `up`, and say so in the spec."""
    sli = facts.sli
    has_up = not (isinstance(sli, CounterSli) and (sli.new_series == "ignore" or sli.liveness is not None))
    inputs = [i.selector for i in sli.inputs()]
    return Fed(
        conventions.SLO,
        facts.name,
        sources(inputs) if has_up else frozenset((UNKNOWN,)),
        pages(facts),
        about_up=any(selector.metric == "up" for selector in inputs),
    )
