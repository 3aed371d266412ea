"""Tiles to sums: every recorded series above the tiles, on a ramp whose sums are plain arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.decimals import literal
from watchbill.durations import HOUR, SECOND, round_up
from watchbill.kinds.objectives.budget import slice_record
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.recording import metadata_rules
from watchbill.kinds.objectives.scenarios.common import groups, records, series, tile_samples
from watchbill.model import Records, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.scenarios.common import Group

SAMPLES_PER_PERIOD = 60


def period_step(facts: Facts) -> int:
    """Return the pace (ms) of scenarios over a whole period."""
    return round_up((facts.period.longest or facts.period.length) / SAMPLES_PER_PERIOD, facts.timing.slow)


def is_short(facts: Facts, length: int) -> bool:
    """Whether a window is tested at the slow tile's pace; longer ones are at the period's, which is cheaper."""
    return length < 1.5 * period_step(facts)


def ramp(facts: Facts, count: int) -> tuple[list[float], list[float], list[float]]:
    """Return rising events, errors well over the budget, and errors that stay below it."""
    events = [float(1000 + 7 * i) for i in range(count)]
    ratio = min(0.9, 3 * facts.budget_ratio)
    over = [float(round(ratio * n) + 1 + i) for i, n in enumerate(events)]
    under = [1.0 if i == count // 2 and facts.budget_ratio > 1e-3 else 0.0 for i in range(count)]
    return events, over, under


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the values of roll-ups, shorter window sums, evidence, and the constants.

    The pace is the slow tile's, or the shortest window's if that is less; every rule runs at it, the slow ones too.
    """
    reads = Reads(facts)
    fitting = [w for w in reads.windows if not w.slow or is_short(facts, w.length)]
    step = min([facts.timing.slow, *(w.length for w in fitting)])
    count = max([w.length for w in fitting] + [HOUR]) // step + 6
    events, over, under = ramp(facts, count)
    if facts.weighting == "time":
        events[count // 2] = over[count // 2] = under[count // 2] = 0.0
    at = (count - 1) * step
    histories = list(zip(groups(facts), (over, under), strict=False))

    def rolled(tiles: list[float], index: int) -> float:
        return sum(tiles[i] for i in tile_samples(facts, facts.timing.slow, step, index * step))

    def summed(what: str, errors: list[float], length: int) -> float:
        tiles = events if what == "events" else errors
        inside = tile_samples(facts, length, step, at)
        return sum(rolled(tiles, i) if reads.slow_of[what, length] else tiles[i] for i in inside)

    expected: list[Records] = []
    for what in ("events", "errors"):
        now = [(g, rolled(events if what == "events" else e, count - 1)) for g, e in histories]
        expected.append(records(facts, conventions.tile(what, facts.timing.slow), at, now))
    for window in fitting:
        found = [(g, summed(window.what, e, window.length)) for g, e in histories]
        expected.append(records(facts, window.record, at, found))
    beta = float(literal(facts.budget_ratio))
    longs = dict.fromkeys(t.long for t in facts.tiers)
    for length in (n for n in longs if not reads.slow_of["errors", n] or is_short(facts, n)):
        sums = [(g, summed("errors", e, length), summed("events", e, length)) for g, e in histories]
        nats = [(g, burn.evidence(e, n, beta)) for g, e, n in sums if e > beta * n]
        expected.append(records(facts, conventions.evidence(length), at, nats, tolerance=1e-6))
    expected += _single_tiles(facts, step, count, histories, lambda of, i: rolled(events if of is None else of, i))
    inputs = []
    for group, errors in histories:
        inputs.append(series(facts, conventions.tile("events", facts.timing.tile), group, events))
        inputs.append(series(facts, conventions.tile("errors", facts.timing.tile), group, errors))
    yield Scenario(
        name=f"{facts.name}: sums, evidence and constants",
        level="tiles",
        step=step,
        evaluation=step,
        series=tuple(inputs),
        records=(*expected, *_constants(facts, at)),
    )


def _single_tiles(
    facts: Facts,
    step: int,
    count: int,
    histories: list[tuple[Group, list[float]]],
    rolled: Callable[[list[float] | None, int], float],
) -> Iterator[Records]:
    """Yield what is made of one slow tile at a time: slices of time, and tiles stamped with their calendar period."""
    at = (count - 1) * step

    def one(tiles: list[float] | None, index: int) -> float:
        return sum(rolled(tiles, i) for i in tile_samples(facts, facts.timing.slow, step, index * step))

    def slice_at(errors: list[float], index: int) -> float | None:
        events = one(None, index)
        return one(errors, index) / events if events else {"good": 0.0, "bad": 1.0}.get(facts.on_no_traffic)

    number = (("period", str(stamp(facts.period.text, at))),)
    if facts.weighting == "time":
        for index in (count // 2 + 2, count - 2, count - 1):
            slices = [(g, slice_at(e, index)) for g, e in histories]
            yield records(facts, slice_record(facts), index * step, [(g, s) for g, s in slices if s is not None])
        if facts.period.is_calendar:
            stamped = [(g, slice_at(e, count - 2)) for g, e in histories]
            yield records(
                facts,
                conventions.stamped("slices", facts.timing.slow),
                at,
                [(g, s) for g, s in stamped if s is not None],
                number,
            )
    elif facts.period.is_calendar:
        for what in ("events", "errors"):
            now = [(g, one(None if what == "events" else e, count - 1)) for g, e in histories]
            yield records(facts, conventions.stamped(what, facts.timing.slow), at, now, number)


def stamp(period: str, at: int) -> int:
    """Return the number of the calendar period that a tile ending at `at` ms belongs to."""
    moment = datetime.fromtimestamp(at // SECOND - 1, UTC) if at else datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)
    if period == "month":
        return moment.month
    if period == "quarter":
        return (moment.month + 2) // 3
    return (moment.date().toordinal() - datetime(1970, 1, 5, tzinfo=UTC).date().toordinal()) // 7 % 5


def _constants(facts: Facts, at: int) -> Iterator[Records]:
    """Yield the metadata, each with all its labels."""
    for rule in metadata_rules(facts):
        if rule.record == conventions.PERIOD_DAYS and facts.period.is_calendar:
            continue
        value = float(rule.expr.removeprefix("vector(").removesuffix(")"))
        own = tuple(p for p in rule.labels if p not in facts.labels)
        matchers = (("service", facts.service), ("slo", facts.name), *own)
        yield Records(rule.record, matchers, at, ((tuple(sorted(rule.labels)), value),))
