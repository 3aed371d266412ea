"""Long windows and the budget of the period: spent, left, and started afresh at a calendar boundary."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.decimals import literal
from watchbill.durations import DAY, SECOND
from watchbill.kinds.objectives import budget
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.common import groups, labels, records, series, tile_samples
from watchbill.kinds.objectives.scenarios.sums import is_short, period_step, ramp, stamp
from watchbill.kinds.slis.history import values
from watchbill.model import Records, Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.scenarios.common import Group

ENDS = {"week": 10 * DAY, "month": 40 * DAY, "quarter": 109 * DAY}
"""Ends of the calendar histories: time 0 is Thursday 1970-01-01, so each crosses one boundary."""


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the values of everything that looks back far."""
    covered = facts.period.longest or facts.period.length
    step = period_step(facts)
    count = (ENDS.get(facts.period.text, 0) or covered + 4 * step) // step + 1
    at = (count - 1) * step
    events, over, under = ramp(facts, count)
    histories: Histories = list(zip(groups(facts), (over, under), strict=False))
    tiles = list(_windows(facts, at, step, events, histories))
    inputs: list[Series] = []
    if facts.weighting == "time":
        for group, errors in histories:
            inputs.append(series(facts, conventions.tile("events", facts.timing.slow), group, events))
            inputs.append(series(facts, conventions.tile("errors", facts.timing.slow), group, errors))
        histories = [(g, [e / n for e, n in zip(errors, events, strict=True)]) for g, errors in histories]
        expected = [*tiles, *_time(facts, at, step, histories)]
    else:
        expected = [*tiles, *_events(facts, at, step, events, histories)]
    if facts.period.is_calendar:
        expected.append(records(facts, conventions.PERIOD_DAYS, at, [({}, days_in_period(facts, at))]))
    yield Scenario(
        name=f"{facts.name}: long windows and the budget of the period",
        level="tiles",
        step=step,
        evaluation=step,
        series=(*inputs, *_inputs(facts, step, events, histories)),
        records=tuple(expected),
    )


Histories = list[tuple["Group", list[float]]]


def _windows(facts: Facts, at: int, step: int, events: list[float], histories: Histories) -> Iterator[Records]:
    for window in Reads(facts).windows:
        if window.slow and not is_short(facts, window.length):
            inside = tile_samples(facts, window.length, step, at)
            found = [(g, sum((events if window.what == "events" else e)[i] for i in inside)) for g, e in histories]
            yield records(facts, window.record, at, found)
    beta = float(literal(facts.budget_ratio))
    for tier in facts.tiers:
        if tier.slow and not is_short(facts, tier.long):
            inside = tile_samples(facts, tier.long, step, at)
            sums = [(g, sum(e[i] for i in inside), sum(events[i] for i in inside)) for g, e in histories]
            nats = [(g, burn.evidence(e, n, beta)) for g, e, n in sums if e > beta * n]
            yield records(facts, conventions.evidence(tier.long), at, nats, tolerance=1e-6)


def _inside(facts: Facts, at: int, step: int) -> list[int]:
    """Return the tiles of the current period: of the rolling window, or those stamped like `at` is."""
    if not facts.period.is_calendar:
        return list(tile_samples(facts, facts.period.length, step, at))
    now = stamp(facts.period.text, at)
    stamped = tile_samples(facts, facts.period.longest, step, at)
    return [i for i in stamped if stamp(facts.period.text, i * step) == now]


def days_in_period(facts: Facts, at: int) -> float:
    """Return the length of the period at `at`, days."""
    if not facts.period.is_calendar:
        return facts.period.length / DAY
    moment = datetime.fromtimestamp(at // SECOND - 1, UTC)
    if facts.period.text == "week":
        return 7
    first = moment.month if facts.period.text == "month" else (moment.month - 1) // 3 * 3 + 1
    last = first + (1 if facts.period.text == "month" else 3)
    begin = datetime(moment.year, first, 1, tzinfo=UTC)
    end = datetime(moment.year + (last > 12), last - 12 * (last > 12), 1, tzinfo=UTC)
    return (end - begin).days


def _size(facts: Facts, at: int) -> float:
    """Return the number of slow tiles in the period."""
    return days_in_period(facts, at) * DAY / facts.timing.slow


def _events(facts: Facts, at: int, step: int, events: list[float], histories: Histories) -> Iterator[Records]:
    beta = float(literal(facts.budget_ratio))
    inside = _inside(facts, at, step)
    over = tile_samples(facts, facts.period.longest or facts.period.length, step, at)
    size = beta * _size(facts, at) * sum(events[i] for i in over) / len(over)
    yield records(facts, conventions.BUDGET_EVENTS, at, [(g, size) for g, _ in histories])
    spent = [(g, sum(e[i] for i in inside)) for g, e in histories]
    total = sum(events[i] for i in inside)
    names = [
        conventions.period_sum(w) if facts.period.is_calendar else conventions.window_sum(w, facts.period.length)
        for w in ("errors", "events")
    ]
    yield records(facts, names[0], at, spent)
    yield records(facts, names[1], at, [(g, total) for g, _ in histories])
    yield records(facts, budget.ratio_record(facts), at, [(g, s / total) for g, s in spent])
    yield records(facts, conventions.BUDGET_REMAINING, at, [(g, 1 - s / size) for g, s in spent])


def _time(facts: Facts, at: int, step: int, histories: Histories) -> Iterator[Records]:
    """Slices enter as they are recorded; where lost data is bad, nothing enters, and every slice is bad."""
    beta = float(literal(facts.budget_ratio))
    if facts.on_no_data == "bad":
        histories = [({}, [1.0] * (at // step + 1))]
    found = [(g, [e[i] for i in _inside(facts, at, step)]) for g, e in histories]
    yield records(facts, budget.ratio_record(facts), at, [(g, sum(s) / len(s)) for g, s in found])
    left = [(g, 1 - sum(s) / (beta * _size(facts, at))) for g, s in found]
    yield records(facts, conventions.BUDGET_REMAINING, at, left)


def _inputs(facts: Facts, step: int, events: list[float], histories: Histories) -> Iterator[Series]:
    """Yield recorded series: rules that read one slow tile at a time see nothing at this pace, so they cannot clash."""
    slow = facts.timing.slow
    for group, errors in histories:
        if facts.weighting == "time":
            own = {"": errors}
        else:
            yield series(facts, conventions.tile("events", slow), group, events)
            own = {"events": events, "errors": errors}
        for what, tiles in own.items():
            if facts.period.is_calendar:
                yield from _stamped(facts, step, what or "slices", group, tiles)
            elif what == "errors":
                yield series(facts, conventions.tile(what, slow), group, tiles)
            elif not what and facts.on_no_data != "bad":
                yield series(facts, budget.slice_record(facts), group, tiles)
    if facts.period.is_calendar and facts.weighting == "events":
        for group, errors in histories:
            yield series(facts, conventions.tile("errors", slow), group, errors)


def _stamped(facts: Facts, step: int, what: str, group: Group, tiles: list[float]) -> Iterator[Series]:
    stamps = [stamp(facts.period.text, i * step) for i in range(len(tiles))]
    for number in dict.fromkeys(stamps):
        shown = [v if s == number else None for v, s in zip(tiles, stamps, strict=True)]
        name = conventions.stamped(what, facts.timing.slow)
        yield Series(name, labels(facts, group, (("period", str(number)),)), values(shown))
