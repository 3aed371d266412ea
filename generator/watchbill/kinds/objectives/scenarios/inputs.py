"""Input metrics to tiles: what each rule interval must count, on histories with everything that happens to counters."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR, MINUTE, SECOND
from watchbill.kinds.objectives.scenarios.common import Group, groups, records
from watchbill.kinds.slis.base import CounterSli
from watchbill.kinds.slis.exposition import INSTANCE
from watchbill.kinds.slis.history import History, steady
from watchbill.model import Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.slis.history import Truth

TILES = 12


def sample_step(facts: Facts) -> int:
    """Return a scrape interval (ms) that divides the tile and is finer than the settle offset, so that both show."""
    return gcd(facts.timing.tile, max(SECOND, facts.timing.settle // 2))


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the histories; none where the kind cannot tell its inputs."""
    for i, (name, history) in enumerate(_histories(facts)):
        found = scenario(facts, name, history, targets=2 if i == 0 else 1)
        if found is not None:
            yield found


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
    histories = list(zip(found, (history, healthy), strict=False))
    inputs: dict[tuple[str, tuple[tuple[str, str], ...]], Series] = {}
    for group, one in histories:
        shown = facts.sli.raw(one, group, context)
        if shown is None:
            return None
        inputs.update({(s.name, s.labels): s for s in shown})
    copies = _copies(inputs.values()) if targets > 1 else ()
    times = 2 if copies else 1
    expected = []
    for at in _times(facts, history):
        truths = [(group, facts.sli.truth(one, context, at)) for group, one in histories]
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


def _histories(facts: Facts) -> Iterator[tuple[str, History]]:
    step = sample_step(facts)
    count = TILES * facts.timing.tile // step + 1
    if facts.sli.samples_slots:
        yield from _slots(step, count)
        return
    counts = isinstance(facts.sli, CounterSli) and facts.sli.new_series == "count"
    base = History(
        step=step,
        events=(1000.0, *(float(10 + i) for i in range(1, count))),
        errors=(300.0, *(float(i % 7) for i in range(1, count))),
        lazy_errors=False,
    )
    middle = count // 2
    yield "rising traffic and errors", base
    yield "idle: no events", replace(base, events=(50.0,) + (0.0,) * (count - 1), errors=(0.0,) * count)
    if counts:
        late = (0.0,) * (middle + 1) + tuple(float(i % 5 + 1) for i in range(middle + 1, count))
        yield "no error series yet, then its first error", replace(base, errors=late, lazy_errors=True)
        bad = tuple(n or 0.0 for n in base.events[: middle + 1]) + (0.0,) * (count - middle - 1)
        yield "no good event yet, then its first", replace(base, errors=bad, lazy_good=True)
    else:
        yield "no errors at all", replace(base, errors=(0.0,) * count)
    yield "counter reset", _restarted(facts, base)
    gone = tuple(None if i > middle else n for i, n in enumerate(base.events))
    yield "series vanished", replace(base, events=gone)
    bridge = facts.timing.bridge
    yield "down for a while, which is made up for", _down(facts, base, bridge * 2 // 3)
    back = _down(facts, base, bridge * 2 // 3, again=2)
    yield "down for a while, restarted, and down again", back
    if bridge <= HOUR:
        yield "down for longer than counters are bridged", _down(facts, base, bridge + 10 * MINUTE)


def _restarted(facts: Facts, base: History) -> History:
    """Return a restart amid the first tile that counts in full; nothing happened between that tile's begin and it.

    (What a process counted after its last scrape is lost to any tool.)
    """
    tile, settle, step = facts.timing.tile, facts.timing.settle, base.step
    begin = -(-settle // tile) * tile - settle
    first = begin // step + 1
    again = first + tile // step // 2
    idle = range(first, again)
    events, errors = ([0.0 if i in idle else v for i, v in enumerate(of)] for of in (base.events, base.errors))
    return replace(base, events=tuple(events), errors=tuple(v or 0.0 for v in errors), resets=frozenset({again}))


def _down(facts: Facts, base: History, length: int, again: int = 0) -> History:
    """Return a target that is down for `length` ms; if `again`, a restarted one is down again after so many samples."""
    count, step = len(base.events), base.step
    begin = count // 2
    end = begin + length // step
    while (end * step + facts.timing.settle) % facts.timing.tile not in range(1, step + 1):
        end += 1
    after: list[float | None] = [float(50 + i) for i in range(count)]
    if again:
        after[again : again + facts.timing.tile // step] = [None] * (facts.timing.tile // step)
    return replace(
        base,
        events=(*base.events[:begin], *(None,) * (end - begin), *after),
        errors=(
            *base.errors[:begin],
            *(0.0,) * (end - begin),
            *(0.0 if n is None else float(i % 3) for i, n in enumerate(after)),
        ),
        resets=frozenset({end} if again else ()),
        down=True,
    )


def _slots(step: int, count: int) -> Iterator[tuple[str, History]]:
    middle = count // 2
    errors = tuple(1.0 if i > middle and i % 9 < 5 else 0.0 for i in range(count))
    yield "good, then flapping", History(step, (1.0,) * count, errors)
    yield "bad throughout", History(step, (1.0,) * count, (1.0,) * count)
    gone = tuple(1.0 if i <= middle else None for i in range(count + 400_000 // step))
    yield "series vanished", History(step, gone, (0.0,) * len(gone))
