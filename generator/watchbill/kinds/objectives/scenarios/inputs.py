"""Input metrics to tiles: what each rule interval must count, on histories with everything that happens to counters."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR, MINUTE
from watchbill.kinds.objectives.scenarios.common import Group, groups, records
from watchbill.kinds.objectives.scenarios.histories import base, down, histories, sample_step
from watchbill.kinds.slis.base import CounterSli
from watchbill.kinds.slis.exposition import INSTANCE
from watchbill.kinds.slis.history import History, steady
from watchbill.model import Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.slis.history import Truth


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the histories; none where the kind cannot tell its inputs."""
    for i, (name, history) in enumerate(histories(facts)):
        found = scenario(facts, name, history, targets=2 if i == 0 else 1)
        if found is not None:
            yield found
    newcomer = _newcomer(facts)
    if newcomer is not None:
        yield newcomer


def scenario(facts: Facts, name: str, history: History, *, targets: int = 1) -> Scenario | None:
    """Return the test of one history: the first group has it, the second one carries on while the target is up.

    With two targets both have all of it, where the selectors leave the instance open: sums over targets show.
    """
    context = facts.context(zero="")
    found = groups(facts)
    healthy = steady(len(history.events), history.step, 1 if facts.sli.samples_slots else 7)
    if history.down:
        shown_too = tuple(None if n is None else h for n, h in zip(history.events, healthy.events, strict=True))
        healthy = replace(healthy, events=shown_too, down=True)
    shown_by = list(zip(found, (history, healthy), strict=False))
    inputs: dict[tuple[str, tuple[tuple[str, str], ...]], Series] = {}
    for group, one in shown_by:
        shown = facts.sli.raw(one, group, context)
        if shown is None:
            return None
        inputs.update({(s.name, s.labels): s for s in shown})
    copies = _copies(inputs.values()) if targets > 1 else ()
    times = 2 if copies else 1
    expected = []
    for at in _times(facts, history):
        truths = [(group, facts.sli.truth(one, context, at)) for group, one in shown_by]
        for what in ("events", "errors"):
            seen = [(g, times * _value(t, what)) for g, t in truths if t is not None]
            seen = seen or _lost(facts, what)
            expected.append(records(facts, conventions.tile(what, context.interval), at, seen, tolerance=1e-7))
    return Scenario(
        name=f"{facts.name}, input metrics: {name}",
        level="raw",
        step=history.step,
        evaluation=facts.timing.tile,
        series=(*inputs.values(), *copies),
        records=tuple(expected),
    )


def _newcomer(facts: Facts) -> Scenario | None:
    """A second target comes, goes for longer than counters are bridged, and comes back, beside one that stays.

    What stays would hide nothing, and what comes must not count as new: its counters were elsewhere before.
    """
    if not isinstance(facts.sli, CounterSli) or facts.sli.process_start or facts.timing.bridge > HOUR:
        return None
    context, group, step = facts.context(zero=""), groups(facts)[0], sample_step(facts)
    late = down(facts, base(facts), facts.timing.bridge + 10 * MINUTE)
    quiet = facts.timing.tile // step * 3
    late = replace(late, events=(*(None,) * quiet, *late.events[quiet:]))
    count = len(late.events)
    stays = replace(
        base(facts),
        events=tuple(float(10 + i % 3) for i in range(count)),
        errors=tuple(float(i % 7) for i in range(count)),
    )
    first, second = (facts.sli.raw(history, group, context) for history in (stays, late))
    if first is None or second is None or not (copies := _copies(second)):
        return None
    expected = []
    for at in _times(facts, late):
        truths = [t for h in (stays, late) if (t := facts.sli.truth(h, context, at)) is not None]
        for what in ("events", "errors"):
            seen = [(group, sum(_value(t, what) for t in truths))] if truths else _lost(facts, what)
            expected.append(records(facts, conventions.tile(what, context.interval), at, seen, tolerance=1e-7))
    return Scenario(
        name=f"{facts.name}, input metrics: a target comes, goes and comes back beside another",
        level="raw",
        step=step,
        evaluation=facts.timing.tile,
        series=(*first, *copies),
        records=tuple(expected),
    )


def _copies(listed: Iterable[Series]) -> tuple[Series, ...]:
    """Return the same series of a second target; none where something pins the instance."""
    found = []
    for one in listed:
        labels = dict(one.labels)
        if labels.get("instance") != INSTANCE["instance"]:
            return ()
        found.append(replace(one, labels=tuple(sorted({**labels, "instance": "instance-2"}.items()))))
    return tuple(found)


def _value(truth: Truth, what: str) -> float:
    return truth.events if what == "events" else truth.errors


def _lost(facts: Facts, what: str) -> list[tuple[Group, float]]:
    """What the tiles hold without any input."""
    del what
    if facts.on_no_data != "bad" or facts.weighting != "events":
        return []
    timing = facts.timing
    return [({}, facts.sli.expected_slots(timing.tile, timing.tile, timing.scrape))]


def _times(facts: Facts, history: History) -> list[int]:
    """Return tile boundaries to look at: early, late, and wherever something changes.

    Not one whose tile begins just at the last sample before a hole: closed (2.x) and left-open (3.x) ranges differ.
    """
    tile, back = facts.timing.tile, facts.timing.settle + facts.timing.tile
    last = (len(history.events) - 1) * history.step // tile
    changes = {-(-(i * history.step + facts.timing.settle) // tile) for i in _changes(history)}
    listed = {1, 2, 3, last // 2, last - 1, last} | changes | {i + 1 for i in changes}
    times = [tile * i for i in sorted(listed) if 0 < i <= last]
    edges = {
        i * history.step + back
        for i, n in enumerate(history.events[:-1])
        if n is not None and history.events[i + 1] is None
    }
    return [t for t in times if t not in edges]


def _changes(history: History) -> set[int]:
    """Return the samples at which series come, go or start again."""
    found = set(history.resets)
    shown = [*zip(*history.counters(), strict=True)]
    for i, (before, after) in enumerate(pairwise(shown)):
        if [v is None for v in before] != [v is None for v in after]:
            found |= {i, i + 1}
    return found
