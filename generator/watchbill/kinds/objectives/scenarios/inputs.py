"""Input metrics to tiles: what each rule interval must count, on histories with everything that happens to counters."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import MINUTE, SECOND
from watchbill.kinds.objectives.scenarios.common import Group, groups, records
from watchbill.kinds.slis.base import CounterSli
from watchbill.kinds.slis.history import History, steady
from watchbill.model import Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.slis.history import Truth

TILES = 12


def sample_step(facts: Facts) -> int:
    """Return a scrape interval (ms) that divides the tile and is finer than the settle offset, so that both show."""
    return gcd(facts.timing.tile, max(SECOND, facts.timing.settle // 2))


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the histories; none where the kind cannot tell its inputs."""
    for name, history in _histories(facts):
        found = scenario(facts, name, history)
        if found is not None:
            yield found


def scenario(facts: Facts, name: str, history: History) -> Scenario | None:
    """Return the test of one history: the first group has it, the second one carries on undisturbed."""
    context = facts.context(zero="")
    found = groups(facts)
    healthy = steady(len(history.events), history.step, 1 if facts.sli.samples_slots else 7)
    histories = list(zip(found, (history, healthy), strict=False))
    inputs: dict[tuple[str, tuple[tuple[str, str], ...]], Series] = {}
    for group, one in histories:
        shown = facts.sli.raw(one, group, context)
        if shown is None:
            return None
        inputs.update({(s.name, s.labels): s for s in shown})
    expected = []
    for at in _times(facts, history):
        truths = [(group, facts.sli.truth(one, context, at)) for group, one in histories]
        for what in ("events", "errors"):
            seen = [(g, _value(t, what)) for g, t in truths if t is not None]
            seen = seen or _lost(facts, what)
            expected.append(records(facts, conventions.tile(what, context.interval), at, seen, tolerance=1e-7))
    return Scenario(
        name=f"{facts.name}, input metrics: {name}",
        level="raw",
        step=history.step,
        evaluation=facts.timing.tile,
        series=tuple(inputs.values()),
        records=tuple(expected),
    )


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
    """Return tile boundaries to look at: early, in the middle, late.

    Not one whose tile begins just at the last sample before a hole: closed (2.x) and left-open (3.x) ranges differ.
    """
    tile, back = facts.timing.tile, facts.timing.settle + facts.timing.tile
    last = (len(history.events) - 1) * history.step // tile
    times = [tile * i for i in sorted({1, 2, 3, last // 2, last // 2 + 1, last - 1, last}) if i > 0]
    edges = {
        i * history.step + back
        for i, n in enumerate(history.events[:-1])
        if n is not None and history.events[i + 1] is None
    }
    return [t for t in times if t not in edges]


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
        errors=(3.0, *(float(i % 7) for i in range(1, count))),
        lazy_errors=False,
    )
    middle = count // 2
    yield "rising traffic and errors", base
    yield "idle: no events", replace(base, events=(50.0,) + (0.0,) * (count - 1), errors=(0.0,) * count)
    if counts:
        late = (0.0,) * (middle + 1) + tuple(float(i % 5 + 1) for i in range(middle + 1, count))
        yield "no error series yet, then its first error", replace(base, errors=late, lazy_errors=True)
    else:
        yield "no errors at all", replace(base, errors=(0.0,) * count)
    # A restart between two tiles, and one inside a tile's own stretch of samples would lose what came before it.
    restart = _boundary(facts, step, middle)
    yield "counter reset", replace(base, resets=frozenset({restart}))
    gone = tuple(None if i > middle else n for i, n in enumerate(base.events))
    yield "series vanished", replace(base, events=gone)
    gap = min(20 * MINUTE, facts.timing.bridge * 2 // 3) // step
    holes = (*base.events[: middle + 1], *(None,) * gap, *(500.0 + i for i in range(count)))
    yield (
        "scrapes missing for a while are made up for",
        replace(
            base,
            events=holes,
            errors=(*base.errors[: middle + 1], *(0.0,) * gap, *(float(i % 3) for i in range(count))),
        ),
    )


def _boundary(facts: Facts, step: int, near: int) -> int:
    """Return a sample that is the first of its tile."""
    tile, settle = facts.timing.tile, facts.timing.settle
    while (near * step + settle) % tile not in range(1, step + 1) and (near * step + settle - step) % tile != 0:
        near += 1
    return near


def _slots(step: int, count: int) -> Iterator[tuple[str, History]]:
    middle = count // 2
    errors = tuple(1.0 if i > middle and i % 9 < 5 else 0.0 for i in range(count))
    yield "good, then flapping", History(step, (1.0,) * count, errors)
    yield "bad throughout", History(step, (1.0,) * count, (1.0,) * count)
    gone = tuple(1.0 if i <= middle else None for i in range(count + 400_000 // step))
    yield "series vanished", History(step, gone, (0.0,) * len(gone))
