"""The turn of a period: what is read may be of the one before for a while, and is not held against the new clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.durations import DAY, MINUTE, SECOND, round_up
from watchbill.kinds.budgets.scenarios.periods import TURN
from watchbill.kinds.budgets.scenarios.waves import by_group, forecasts, of_pots, planned, time_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.scenarios.common import Stage
    from watchbill.kinds.budgets.scenarios.waves import Samples
    from watchbill.model import Scenario

SPENT, RATE = 0.96, 0.08
"""Nearly all is spent, and in half a horizon the rest of it."""
JUST = 0.05


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield all that compares what is spent with the clock of a new period, just before it may and just after.

    And at evaluations of which a slow read sees two: a week's turn lies between them, or the end of that time. Months
    and days begin at time 0, where every few minutes are looked at (`periods`).
    """
    ledger = stage.ledger
    if not ledger.period.is_calendar:
        return
    turn, settling = TURN[ledger.kind_of_period], ledger.settling
    for name, share in (("a period that has just begun", 1 - JUST), ("a period that has begun", 1 + JUST)):
        at = turn + round(settling * share / SECOND) * SECOND
        yield _scenario(stage, name, at, (at,))
    if ledger.kind_of_period == "week":
        pace = ledger.stale() - MINUTE
        looks = tuple(round_up(at, pace) for at in (turn + 1, turn + settling + 1))
        yield _scenario(stage, "from one week to the next", pace, looks)


def _scenario(stage: Stage, name: str, pace: int, looks: tuple[int, ...]) -> Scenario:
    """The same is read all the time."""
    ledger = stage.ledger
    watched, mean = 4 * ledger.horizon / DAY, SPENT / 9
    count = max(looks) // pace

    def always(value: float) -> Samples:
        return [None, *[value] * count]

    series = [stage.series(names.WATCHED, {}, always(watched))]
    series += [stage.series(names.SPENT, pot, always(share)) for pot, share in of_pots(stage, SPENT)]
    series += by_group(stage, names.per_day(ledger.mean_window), always(mean))
    series += by_group(stage, names.window_sum(names.SPEND, ledger.horizon), always(RATE))
    records, fires = [], []
    for at in looks:
        told, plan = stage.settled(at), planned(stage, watched, at)
        records.append(stage.records(names.PACE, at, of_pots(stage, SPENT / plan) if told else [], tolerance=1e-7))
        if ledger.kind_of_period == "month":
            records.append(stage.records(names.FORECAST, at, forecasts(stage, SPENT, mean, plan, at), tolerance=1e-7))
        if ledger.item.alerts.exhaustion != "off":
            horizon = ledger.horizon / SECOND
            soon = [pot for pot, seconds in time_left(stage, SPENT, RATE) if told and 0 < seconds < horizon]
            fires.append(stage.fires(names.alert(ledger.item.name, names.EXHAUSTION_SOON), at, soon))
    return stage.scenario(name, "windows", pace, pace, series, fires, records)
