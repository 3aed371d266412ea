"""Where a calendar period stands, and what the plan makes of it: months of 28, 29, 30 and 31 days, weeks, days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import spending
from watchbill.conventions import budgets as names
from watchbill.durations import DAY, HOUR, MINUTE, round_up
from watchbill.model import Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.kinds.budgets.scenarios.common import Stage
    from watchbill.model import Records, Scenario

PACE = {"month": 13 * DAY + 11 * HOUR, "week": 11 * HOUR, "day": 101 * MINUTE}
LENGTH = {"month": 800 * DAY, "week": 40 * DAY, "day": 4 * DAY}
BOUNDARIES = {"month": (31, 59), "week": (4, 11), "day": (1, 2)}
"""Days since 1970-01-01 at which periods end: of months January and February."""
TWICE = 2
"""Slow reads look back over three evaluations: at every other one they see two."""
AFTER = {"month": DAY, "week": 4 * HOUR, "day": HOUR}


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield the clock of a calendar period; a moment, a second before it, belongs to what ends there."""
    kind = stage.ledger.kind_of_period
    if kind == "rolling":
        return
    yield _scenario(stage, "the clock", PACE[kind], range(PACE[kind], LENGTH[kind], PACE[kind]))
    edges = [b * DAY + k for b in BOUNDARIES[kind] for k in (0, AFTER[kind])]
    yield _scenario(stage, "the clock at boundaries", AFTER[kind], edges)
    if stage.slow <= 15 * MINUTE:
        yield _turns(stage)


def _turns(stage: Stage) -> Scenario:
    """Two evaluations are read back: at the begin of a month, of a week's end, and of the week or day after it."""
    kind, pace = stage.ledger.kind_of_period, TWICE * stage.slow
    begins = (0, *(round_up(day * DAY, pace) for day in ((1,) if kind == "day" else (2, 4))))
    times = [begin + n * pace for begin in begins for n in (1, 2, 3)]
    return _scenario(stage, "the clock from one evaluation to the next", pace, times)


def _scenario(stage: Stage, name: str, pace: int, times: Iterable[int]) -> Scenario:
    expected: list[Records] = []
    listed = list(times)
    for at in listed:
        expected += _expected(stage, at)
    anything = Series("up", (("instance", "any"), ("job", "any")), f"1x{max(listed) // pace + 1}")
    return stage.scenario(name, "windows", pace, pace, [anything], records=expected)


def _expected(stage: Stage, at: int) -> Iterator[Records]:
    kind, plan = stage.ledger.kind_of_period, stage.ledger.item.plan
    now = (at - 1000) / DAY
    elapsed, days = spending.elapsed(kind, now), spending.days(kind, now)
    begin = now - elapsed
    yield stage.records(names.ELAPSED, at, [({}, elapsed)], tolerance=1e-7)
    yield stage.records(names.REMAINING, at, [({}, days - elapsed)], tolerance=1e-7)
    if not plan.is_linear:
        free = spending.Plan(weekend=0)
        weekends = elapsed - spending.weight(free, begin, now), days - spending.weight(free, begin, begin + days)
        for record, value in zip((names.WEEKEND_ELAPSED, names.WEEKEND_DAYS), weekends, strict=True):
            yield stage.records(record, at, [({}, value)], tolerance=1e-7)
    yield stage.records(names.PLAN_DAYS, at, [({}, spending.weight(plan, begin, begin + days))], tolerance=1e-7)
    yield stage.records(names.PLAN_RATIO, at, [({}, spending.planned(plan, kind, now))], tolerance=1e-7)
