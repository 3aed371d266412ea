"""Long windows and the budget of the period: spent, left, and started afresh at a calendar boundary."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.decimals import literal
from watchbill.durations import DAY, SECOND
from watchbill.kinds.objectives import budget
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.common import groups, records, samples_in, series
from watchbill.kinds.objectives.scenarios.sums import is_short, period_step, ramp
from watchbill.model import Records, Scenario

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
    if facts.weighting == "time":
        events[count - 3] = over[count - 3] = under[count - 3] = 0.0
    histories = list(zip(groups(facts), (over, under), strict=False))
    expected = [*_windows(facts, at, step, events, histories)]
    expected += _time(facts, at, step, events, histories) if facts.weighting == "time" else _events(facts, at, step, events, histories)
    inputs = []
    for group, errors in histories:
        inputs.append(series(facts, conventions.tile("events", facts.timing.slow), group, events))
        inputs.append(series(facts, conventions.tile("errors", facts.timing.slow), group, errors))
    yield Scenario(
        name=f"{facts.name}: long windows and the budget of the period",
        level="tiles",
        step=step,
        evaluation=step,
        series=tuple(inputs),
        records=tuple(expected),
    )


Histories = list[tuple["Group", list[float]]]


def _windows(facts: Facts, at: int, step: int, events: list[float], histories: Histories) -> Iterator[Records]:
    for window in Reads(facts).windows:
        if window.slow and not is_short(facts, window.length):
            inside = samples_in(window.length, step, at)
            found = [(g, sum((events if window.what == "events" else e)[i] for i in inside)) for g, e in histories]
            yield records(facts, window.record, at, found)
    beta = float(literal(facts.budget_ratio))
    for tier in facts.tiers:
        if tier.slow and not is_short(facts, tier.long):
            inside = samples_in(tier.long, step, at)
            sums = [(g, sum(e[i] for i in inside), sum(events[i] for i in inside)) for g, e in histories]
            nats = [(g, burn.evidence(e, n, beta)) for g, e, n in sums if e > beta * n]
            yield records(facts, conventions.evidence(tier.long), at, nats, tolerance=1e-6)


def _inside(facts: Facts, at: int, step: int) -> list[int]:
    """Return the samples of the current period: of the rolling window, or stamped like `at` is."""
    if not facts.period.is_calendar:
        return list(samples_in(facts.period.length, step, at))
    return [i for i in samples_in(facts.period.longest, step, at) if stamp(facts.period.text, i * step) == stamp(facts.period.text, at)]


def stamp(period: str, at: int) -> int:
    """Return the number of the calendar period that a tile ending at `at` ms belongs to."""
    moment = datetime.fromtimestamp(at // SECOND - 1, UTC) if at else datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)
    if period == "month":
        return moment.month
    if period == "quarter":
        return (moment.month + 2) // 3
    return (moment.date().toordinal() - datetime(1970, 1, 5, tzinfo=UTC).date().toordinal()) // 7 % 5


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
    over = samples_in(facts.period.longest or facts.period.length, step, at)
    size = beta * _size(facts, at) * sum(events[i] for i in over) / len(over)
    yield records(facts, conventions.BUDGET_EVENTS, at, [(g, size) for g, _ in histories])
    spent = [(g, sum(e[i] for i in inside)) for g, e in histories]
    total = sum(events[i] for i in inside)
    names = [conventions.period_sum(w) if facts.period.is_calendar else conventions.window_sum(w, facts.period.length) for w in ("errors", "events")]
    yield records(facts, names[0], at, spent)
    yield records(facts, names[1], at, [(g, total) for g, _ in histories])
    yield records(facts, budget.ratio_record(facts), at, [(g, s / total) for g, s in spent])
    yield records(facts, conventions.BUDGET_REMAINING, at, [(g, 1 - s / size) for g, s in spent])
    if facts.period.is_calendar:
        number = (("period", str(stamp(facts.period.text, at))),)
        for what in ("events", "errors"):
            now = [(g, events[-1] if what == "events" else e[-1]) for g, e in histories]
            yield records(facts, conventions.stamped(what, facts.timing.slow), at, now, number)
        yield records(facts, conventions.PERIOD_DAYS, at, [({}, days_in_period(facts, at))])


def _time(facts: Facts, at: int, step: int, events: list[float], histories: Histories) -> Iterator[Records]:
    beta = float(literal(facts.budget_ratio))
    idle = {"good": 0.0, "bad": 1.0, "ignore": None}[facts.on_no_traffic]

    def slices(errors: list[float], inside: list[int]) -> list[float]:
        found = [errors[i] / events[i] if events[i] else idle for i in inside]
        return [s for s in found if s is not None]

    inside = _inside(facts, at, step)
    quiet = (len(events) - 3) * step
    yield records(facts, budget.slice_record(facts), quiet, [] if idle is None else [(g, idle) for g, _ in histories])
    yield records(facts, budget.slice_record(facts), at, [(g, e[-1] / events[-1]) for g, e in histories])
    found = [(g, slices(e, inside)) for g, e in histories]
    yield records(facts, budget.ratio_record(facts), at, [(g, sum(s) / len(s)) for g, s in found])
    left = [(g, 1 - sum(s) / (beta * _size(facts, at))) for g, s in found]
    yield records(facts, conventions.BUDGET_REMAINING, at, left)
