"""The turn of a period: what is read may be of the one before for a while, and is not held against the new clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.durations import DAY, SECOND
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
    """Yield all that compares what is spent with the clock of a new period, just before it may and just after."""
    if stage.ledger.period.is_calendar:
        yield _look(stage, "a period that has just begun", 1 - JUST)
        yield _look(stage, "a period that has begun", 1 + JUST)


def _look(stage: Stage, name: str, settled: float) -> Scenario:
    """Evaluated once, when that part of the time has passed in which things are of two periods."""
    ledger = stage.ledger
    at = TURN[ledger.kind_of_period] + round(ledger.settling * settled / SECOND) * SECOND
    watched, mean = 4 * ledger.horizon / DAY, SPENT / 9
    plan, told = planned(stage, watched, at), stage.settled(at)

    def once(value: float) -> Samples:
        return [None, value]

    series = [stage.series(names.WATCHED, {}, once(watched))]
    series += [stage.series(names.SPENT, pot, once(share)) for pot, share in of_pots(stage, SPENT)]
    series += by_group(stage, names.per_day(ledger.mean_window), once(mean))
    series += by_group(stage, names.window_sum(names.SPEND, ledger.horizon), once(RATE))
    records = [stage.records(names.PACE, at, of_pots(stage, SPENT / plan) if told else [], tolerance=1e-7)]
    if ledger.kind_of_period == "month":
        records.append(stage.records(names.FORECAST, at, forecasts(stage, SPENT, mean, plan, at), tolerance=1e-7))
    fires = []
    if ledger.item.alerts.exhaustion != "off":
        horizon = ledger.horizon / SECOND
        soon = [pot for pot, seconds in time_left(stage, SPENT, RATE) if told and 0 < seconds < horizon]
        fires.append(stage.fires(names.alert(ledger.item.name, names.EXHAUSTION_SOON), at, soon))
    return stage.scenario(name, "windows", at, at, series, fires, records)
