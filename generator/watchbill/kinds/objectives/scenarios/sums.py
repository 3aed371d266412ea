"""Tiles to sums: every recorded series above the tiles, on a ramp whose sums are plain arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.decimals import literal
from watchbill.durations import HOUR, round_up
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.recording import metadata_rules
from watchbill.kinds.objectives.scenarios.common import (
    Histories,
    drifting,
    groups,
    ramp,
    records,
    samples_in,
    series,
    tile_samples,
)
from watchbill.model import Records, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.reads import Window

SAMPLES_PER_PERIOD = 60
MANY = 1000
"""Samples in the longest sum of fast tiles."""
CALENDAR_PACE = {"week": 2 * HOUR, "month": 12 * HOUR, "quarter": 36 * HOUR}
"""Paces at which an evaluation falls right onto the first boundary after time 0."""


def period_step(facts: Facts) -> int:
    """Return the pace (ms) of scenarios over a whole period."""
    pace = CALENDAR_PACE.get(facts.period.text, facts.period.length / SAMPLES_PER_PERIOD)
    return round_up(pace, facts.timing.slow)


def is_short(facts: Facts, length: int) -> bool:
    """Whether fewer than two samples at the period's pace lie in a window: nothing would tell a sum from a maximum."""
    return length < 2 * period_step(facts)


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the values of roll-ups, shorter window sums, evidence, and the constants."""
    yield _fast(facts)
    windows = [w for w in Reads(facts).windows if w.slow and is_short(facts, w.length)]
    if windows:
        yield _slow(facts, windows)


def _fast(facts: Facts) -> Scenario:
    """Two looks at what is made of fast tiles, which come earlier and earlier."""
    windows, tile = [w for w in Reads(facts).windows if not w.slow], facts.timing.tile
    lengths = [facts.timing.slow, *(w.length for w in windows)]
    pace = max(tile, min(round_up(max(lengths) / MANY, tile), min(lengths) // 2 // tile * tile))
    half = round_up((max(*lengths, HOUR) + facts.timing.slow) / 2, pace)
    step = drifting(facts, pace, 2 * half // pace)
    events, *both = ramp(facts, 2 * half // step + 1)
    histories: Histories = list(zip(groups(facts), both, strict=False))
    expected: list[Records] = []
    for what in ("events", "errors"):
        inside = tile_samples(facts, facts.timing.slow, step, 2 * half)
        found = [(g, sum((events if what == "events" else e)[i] for i in inside)) for g, e in histories]
        expected.append(records(facts, conventions.tile(what, facts.timing.slow), 2 * half, found))
    for at in (half, 2 * half):
        expected += window_sums(facts, windows, step, at, events, histories)
    return Scenario(
        name=f"{facts.name}: sums, evidence and constants",
        level="tiles",
        step=step,
        evaluation=half,
        series=tuple(
            series(facts, conventions.tile(what, tile), group, events if what == "events" else errors)
            for group, errors in histories
            for what in ("events", "errors")
        ),
        records=(*expected, *_constants(facts, 2 * half)),
    )


def _slow(facts: Facts, windows: list[Window]) -> Scenario:
    """Shorter sums of slow tiles, which come earlier and earlier before the evaluations."""
    slow = facts.timing.slow
    pace = max(slow, min(w.length for w in windows) // 2 // slow * slow)
    last = max(w.length for w in windows) // pace + 4
    step = drifting(facts, slow, last * pace // slow)
    events, *both = ramp(facts, last * pace // step + 1)
    histories: Histories = list(zip(groups(facts), both, strict=False))
    return Scenario(
        name=f"{facts.name}: sums of slow tiles",
        level="tiles",
        step=step,
        evaluation=pace,
        series=tuple(
            series(facts, conventions.tile(what, slow), group, events if what == "events" else errors)
            for group, errors in histories
            for what in ("events", "errors")
        ),
        records=tuple(
            record
            for n in (last // 2, last)
            for record in window_sums(facts, windows, step, n * pace, events, histories)
        ),
    )


def window_sums(
    facts: Facts, windows: Iterable[Window], step: int, at: int, events: list[float], histories: Histories
) -> Iterator[Records]:
    """Yield what window sums of tiles, one each `step` ms, hold at `at` ms, and the evidence in them."""
    beta, listed = float(literal(facts.budget_ratio)), list(windows)
    longs = {t.long for t in facts.tiers}
    for window in listed:
        inside = samples_in(window.length, step, at - facts.timing.lag)
        if window.what == "events":
            yield records(facts, window.record, at, [(g, sum(events[i] for i in inside)) for g, _ in histories])
            continue
        found = [(g, sum(e[i] for i in inside), sum(events[i] for i in inside)) for g, e in histories]
        yield records(facts, window.record, at, [(g, e) for g, e, _ in found])
        if window.length in longs:
            nats = [(g, burn.evidence(e, n, beta)) for g, e, n in found if e > beta * n]
            yield records(facts, conventions.evidence(window.length), at, nats, tolerance=1e-6)


def _constants(facts: Facts, at: int) -> Iterator[Records]:
    """Yield the metadata, each with all its labels."""
    for rule in metadata_rules(facts):
        if "time()" in rule.expr:
            continue
        value = float(rule.expr.removeprefix("vector(").removesuffix(")"))
        own = tuple(p for p in rule.labels if p not in facts.labels)
        matchers = (("service", facts.service), ("slo", facts.name), *own)
        yield Records(rule.record, matchers, at, ((tuple(sorted(rule.labels)), value),))
