"""Long windows and the budget of the period: spent, left, and started afresh at a calendar boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal
from watchbill.durations import DAY
from watchbill.kinds.objectives import budget
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.calendars import boundary, days_in_period, stamp
from watchbill.kinds.objectives.scenarios.common import (
    Histories,
    drifting,
    groups,
    labels,
    ramp,
    records,
    series,
    tile_samples,
)
from watchbill.kinds.objectives.scenarios.sums import is_short, period_step, window_sums
from watchbill.kinds.slis.history import values
from watchbill.model import Records, Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.scenarios.common import Group

ENDS = {"week": 10 * DAY, "month": 40 * DAY, "quarter": 109 * DAY}
"""Ends of the calendar histories: each crosses one boundary, and its longest read no longer reaches time 0."""


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the values of everything that looks back far: from slow tiles, then from what carries the period."""
    found = _from_tiles(facts)
    if found.records:
        yield found
    if facts.period.is_calendar or facts.weighting == "time":
        yield _from_period(facts)


def _ends(facts: Facts) -> tuple[int, list[int]]:
    """Return the interval of the samples, and the evaluations (by number) to look at."""
    pace = period_step(facts)
    last = (ENDS.get(facts.period.text) or facts.period.length + 4 * pace) // pace
    turn = boundary(facts) if facts.period.is_calendar else last
    return drifting(facts, pace, turn), sorted({turn // 2, turn // 2 + 1, turn, min(turn + 1, last), last})


def _from_tiles(facts: Facts) -> Scenario:
    """Slow tiles in: windows, evidence, slices, and the budget."""
    pace, slow, (step, ends) = period_step(facts), facts.timing.slow, _ends(facts)
    events, *both = ramp(facts, ends[-1] * pace // step + 1)
    if facts.weighting == "time":
        for tiles in (events, *both):
            tiles[ends[0]] = tiles[-2] = 0.0
            tiles[-3] = min(1.0, tiles[-3])
    histories: Histories = list(zip(groups(facts), both, strict=False))
    windows = [w for w in Reads(facts).windows if w.slow and not is_short(facts, w.length)]
    expected: list[Records] = []
    for n in ends:
        expected += window_sums(facts, windows, step, n * pace, events, histories)
        if facts.weighting == "events":
            expected += _budget(facts, n * pace, step, events, histories)
    if facts.weighting == "time":
        expected += _slices(facts, ends, pace, events, histories)
    return Scenario(
        name=f"{facts.name}: long windows and the budget of the period",
        level="tiles",
        step=step,
        evaluation=pace,
        series=tuple(
            series(facts, conventions.tile(what, slow), group, events if what == "events" else errors)
            for group, errors in histories
            for what in ("events", "errors")
        ),
        records=tuple(expected),
    )


def _budget(facts: Facts, at: int, step: int, events: list[float], histories: Histories) -> Iterator[Records]:
    """Yield the budget, and for a rolling period what was spent of it."""
    length, days = facts.period.length, facts.period.length / DAY
    if facts.period.is_calendar:
        length, days = facts.period.longest, days_in_period(facts.period.text, at)
    inside = tile_samples(facts, length, step, at)
    total = sum(events[i] for i in inside)
    size = float(literal(facts.budget_ratio)) * days * DAY / facts.timing.slow * total / len(inside)
    yield records(facts, conventions.BUDGET_EVENTS, at, [(g, size) for g, _ in histories])
    if not facts.period.is_calendar:
        spent = [(g, sum(e[i] for i in inside)) for g, e in histories]
        yield records(facts, conventions.window_sum("errors", length), at, spent)
        yield records(facts, conventions.window_sum("events", length), at, [(g, total) for g, _ in histories])
        yield records(facts, budget.ratio_record(facts), at, [(g, s / total) for g, s in spent])
        yield records(facts, conventions.BUDGET_REMAINING, at, [(g, 1 - s / size) for g, s in spent])


def _slices(facts: Facts, ends: list[int], pace: int, events: list[float], histories: Histories) -> Iterator[Records]:
    """Yield slices with one event, without any and with many; and two too late to be read, one of them idle."""
    record, last = budget.slice_record(facts), ends[-1]
    for n in ends[:2]:
        yield records(facts, record, n * pace, [({}, 1.0)] if facts.on_no_data == "bad" else [])
    yield from idle_slices(facts, (last - 1) * pace)
    for n in (last - 2, last):
        yield records(facts, record, n * pace, [(g, e[n] / events[n]) for g, e in histories])


def idle_slices(facts: Facts, at: int) -> Iterator[Records]:
    """Yield what a slice without traffic is."""
    idle = {"good": 0.0, "bad": 1.0}.get(facts.on_no_traffic)
    yield records(facts, budget.slice_record(facts), at, [(g, idle) for g in groups(facts) if idle is not None])


def _from_period(facts: Facts) -> Scenario:
    """Slices in, or what is stamped with its period. Where lost data is bad nothing comes in: every slice is bad."""
    pace, (step, ends) = period_step(facts), _ends(facts)
    lost = facts.on_no_data == "bad" and not facts.period.is_calendar
    step = pace if lost else step
    count = ends[-1] * pace // step + 1
    events, *both = ramp(facts, count)
    if facts.weighting == "time":
        both = [[(i % 7) / 8 for i in range(count)], [(i % 5) / 16 for i in range(count)]]
    histories: Histories = [({}, [1.0] * count)] if lost else list(zip(groups(facts), both, strict=False))
    expected: list[Records] = []
    inputs: list[Series] = []
    for at in (n * pace for n in ends):
        expected += _verdict(facts, at, _inside(facts, at, step), events, histories)
    for group, errors in () if lost else histories:
        inputs += _inputs(facts, step, group, {"events": events, "errors": errors})
    return Scenario(
        name=f"{facts.name}: the period so far",
        level="tiles",
        step=step,
        evaluation=pace,
        series=tuple(inputs),
        records=tuple(expected),
    )


def _inside(facts: Facts, at: int, step: int) -> list[int]:
    """Return the tiles of the current period: of the rolling window, or those stamped like `at` is."""
    if not facts.period.is_calendar:
        return list(tile_samples(facts, facts.period.length, step, at))
    now = stamp(facts.period.text, at)
    stamped = tile_samples(facts, facts.period.longest, step, at)
    return [i for i in stamped if stamp(facts.period.text, i * step) == now]


def _verdict(facts: Facts, at: int, inside: list[int], events: list[float], histories: Histories) -> Iterator[Records]:
    """Yield sums and their ratio; of slices, which all weigh the same, their mean and what they leave."""
    spent = [(g, sum(e[i] for i in inside)) for g, e in histories]
    if facts.weighting == "time":
        period = facts.period
        days = days_in_period(period.text, at) if period.is_calendar else period.length / DAY
        size = float(literal(facts.budget_ratio)) * days * DAY / facts.timing.slow
        yield records(facts, conventions.BUDGET_REMAINING, at, [(g, 1 - s / size) for g, s in spent])
        yield records(facts, budget.ratio_record(facts), at, [(g, s / len(inside)) for g, s in spent])
        return
    total = sum(events[i] for i in inside)
    yield records(facts, conventions.period_sum("errors"), at, spent)
    yield records(facts, conventions.period_sum("events"), at, [(g, total) for g, _ in histories])
    yield records(facts, budget.ratio_record(facts), at, [(g, s / total) for g, s in spent])


def _inputs(facts: Facts, step: int, group: Group, tiles: dict[str, list[float]]) -> Iterator[Series]:
    if facts.weighting == "time":
        tiles = {"slices": tiles["errors"]}
    if not facts.period.is_calendar:
        yield from (series(facts, budget.slice_record(facts), group, found) for found in tiles.values())
        return
    for what, found in tiles.items():
        stamps = [stamp(facts.period.text, i * step) for i in range(len(found))]
        for number in dict.fromkeys(stamps):
            shown = [v if s == number else None for v, s in zip(found, stamps, strict=True)]
            name = conventions.stamped(what, facts.timing.slow)
            yield Series(name, labels(facts, group, (("period", str(number)),)), values(shown))
