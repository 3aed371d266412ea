"""Calendar periods: tiles stamped right at a boundary and after it, and the days of every period up to a leap year."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal
from watchbill.durations import DAY, SECOND
from watchbill.kinds.objectives.budget import slice_record
from watchbill.kinds.objectives.scenarios.common import groups, records, samples_in, series
from watchbill.kinds.objectives.scenarios.sums import period_step
from watchbill.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.model import Records

BOUNDARY = {"week": 4 * DAY, "month": 31 * DAY, "quarter": 90 * DAY}
"""The first boundary after time 0, which is Thursday 1970-01-01."""
DAYS_PACE = {"month": 31 * DAY, "quarter": 30 * DAY}
"""Paces that meet a boundary and every kind of period up to the first quarter of the leap year 1972."""
LEAP_YEAR = 780 * DAY
TILE = 1000.0


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield nothing for a rolling period. Slices cannot enter where lost data is bad: a rule adds its own."""
    slices_are_added = facts.weighting == "time" and facts.on_no_data == "bad"
    if facts.period.is_calendar and not slices_are_added:
        yield _stamps(facts)
    if facts.period.text in DAYS_PACE:
        yield _days(facts)


def boundary(facts: Facts) -> int:
    """Return the number of the evaluation, at the period's pace, at or right after the first boundary."""
    return -(-BOUNDARY[facts.period.text] // period_step(facts))


def stamp(period: str, at: int) -> int:
    """Return the number of the calendar period that a tile ending at `at` ms belongs to."""
    moment = _just_before(at)
    if period == "month":
        return moment.month
    if period == "quarter":
        return (moment.month + 2) // 3
    return (moment.date().toordinal() - datetime(1970, 1, 5, tzinfo=UTC).date().toordinal()) // 7 % 5


def days_in_period(period: str, at: int) -> float:
    """Return the length of the calendar period at `at` ms, days."""
    if period == "week":
        return 7
    moment = _just_before(at)
    first = moment.month if period == "month" else (moment.month - 1) // 3 * 3 + 1
    last = first + (1 if period == "month" else 3)
    begin = datetime(moment.year, first, 1, tzinfo=UTC)
    end = datetime(moment.year + (last > 12), last - 12 * (last > 12), 1, tzinfo=UTC)
    return (end - begin).days


def _just_before(at: int) -> datetime:
    if not at:
        return datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)
    return datetime.fromtimestamp((at - 1) // SECOND, UTC)


def _stamps(facts: Facts) -> Scenario:
    """Each tile or slice comes a little earlier before its evaluation than the last one, by more than the lag."""
    pace, slow, at = period_step(facts), facts.timing.slow, boundary(facts)
    step = pace - 2 * facts.timing.lag // at
    sources = {"events": conventions.tile("events", slow), "errors": conventions.tile("errors", slow)}
    if facts.weighting == "time":
        sources = {"slices": slice_record(facts)}
    samples = [float(7 + i) for i in range(at + 3)]
    expected: list[Records] = []
    early = at * 3 // 8  # when samples come three quarters of a lag before: too late to be read
    expected += [records(facts, conventions.stamped(what, slow), early * pace, []) for what in sources]
    for n in (at, at + 1):
        (inside,) = samples_in(slow, step, n * pace - facts.timing.lag)
        number = (("period", str(stamp(facts.period.text, n * pace))),)
        for k, what in enumerate(sources):
            found = [(g, samples[inside] + 100 * k) for g in groups(facts)]
            expected.append(records(facts, conventions.stamped(what, slow), n * pace, found, number))
    return Scenario(
        name=f"{facts.name}: tiles belong to the period they end in",
        level="tiles",
        step=step,
        evaluation=pace,
        series=tuple(
            series(facts, source, group, [v + 100 * k for v in samples])
            for group in groups(facts)
            for k, source in enumerate(sources.values())
        ),
        records=tuple(expected),
    )


def _days(facts: Facts) -> Scenario:
    """Periods of all lengths, and the budget of each at the same traffic."""
    pace, slow, beta = DAYS_PACE[facts.period.text], facts.timing.slow, float(literal(facts.budget_ratio))
    found = groups(facts)
    expected: list[Records] = []
    for at in range(pace, LEAP_YEAR + 1, pace):
        days = days_in_period(facts.period.text, at)
        expected.append(records(facts, conventions.PERIOD_DAYS, at, [({}, days)]))
        if facts.weighting == "events":
            budget = beta * days * DAY / slow * TILE
            expected.append(records(facts, conventions.BUDGET_EVENTS, at, [(g, budget) for g in found]))
    return Scenario(
        name=f"{facts.name}: every period has its days",
        level="tiles",
        step=pace,
        evaluation=pace,
        series=tuple(
            series(facts, conventions.tile("events", slow), group, [TILE] * (LEAP_YEAR // pace + 1)) for group in found
        ),
        records=tuple(expected),
    )
