"""Binding conditions: for each condition of an alert, cases in which it alone decides - just over, under, equal.

The method of alert-math section 7. Values enter as recorded series, so that each condition is set on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill import spending
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import DAY, SECOND, round_up
from watchbill.kinds.budgets.alerts import KEEP_FIRING, forecast_pending
from watchbill.kinds.budgets.limiting import RECORDS
from watchbill.kinds.budgets.scenarios.periods import TURN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.budgets.scenarios.common import Stage
    from watchbill.model import Fires, Scenario, Series

OVER, UNDER = 1.02, 0.98
MUCH = 4.0


@dataclass(frozen=True)
class Case:
    """Shares by record, and whether the alert fires on them.

    `before` comes just before a silent case: what it turns on is far over, and something else keeps it silent.
    """

    fires: bool
    shares: dict[str, float]
    before: dict[str, float] | None = None


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield a scenario for each alert that compares shares of the allowance."""
    ledger = stage.ledger
    for tier in ledger.tiers:
        told = [names.burn_alert(ledger.item.name, tier.name)] if ledger.item.alerts.burn != "off" else []
        told += [names.limit_alert(ledger.item.name, x.when.key) for x, own in ledger.limits if own is tier]
        for alert in told:
            yield _timeline(stage, alert, list(_burns(tier)), KEEP_FIRING)
    for limit, own in ledger.limits:
        if own is None:
            when = limit.when
            keep = 0 if when.quantity == "spent" else KEEP_FIRING
            alert = names.limit_alert(ledger.item.name, when.key)
            yield _timeline(
                stage, alert, list(_single(RECORDS[when.quantity], when.share, equal=when.operator == ">=")), keep
            )
    if ledger.item.alerts.exhausted != "off":
        cases = list(_single(names.SPENT, 1.0, equal=True))
        yield _timeline(stage, names.alert(ledger.item.name, names.EXHAUSTED), cases, 0)
    if ledger.item.alerts.forecast != "off":
        yield _forecast(stage)
    if ledger.item.alerts.exhaustion != "off" and ledger.period.is_calendar:
        yield _soon(stage)


def _burns(tier: Tier) -> Iterator[Case]:
    long, short = names.window_sum(names.SPEND, tier.long), names.window_sum(names.SPEND, tier.short)
    bounds = {long: float(literal(tier.budget)), short: float(literal(tier.short_budget))}
    far = {record: MUCH * bound for record, bound in bounds.items()}
    yield Case(False, dict.fromkeys(bounds, 0.0))
    yield Case(True, far)
    for record, bound in bounds.items():
        yield Case(False, {**far, record: bound * UNDER}, {**dict.fromkeys(bounds, 0.0), record: far[record]})
        yield Case(True, {**far, record: bound * OVER})


def _single(record: str, bound: float, *, equal: bool) -> Iterator[Case]:
    for factor, fires in ((0.0, False), (UNDER, False), (OVER, True), (1.0, equal), (MUCH, True)):
        yield Case(fires, {record: bound * factor})


def _timeline(stage: Stage, alert: str, cases: list[Case], keep: int) -> Scenario:
    """Each case lasts two samples, after one that would have had it otherwise, and is looked at on both.

    After a firing case all is quiet until the alert has cleared, and is looked at on the last tick that it is kept.
    """
    step, quiet = stage.slow, cases[0].shares
    gone = -(-keep // step) + 1
    timeline: list[dict[str, float]] = [quiet]
    checks: list[Fires] = []

    def look(fires: bool) -> None:  # noqa: FBT001 - the one thing there is to say
        checks.append(stage.fires(alert, (len(timeline) - 1) * step, [stage.pots[0]] if fires else []))

    look(fires=False)
    for case in sorted(cases, key=lambda c: c.fires):
        if case.before is not None:
            timeline.append(case.before)
            look(fires=False)
        for _ in range(2):
            timeline.append(case.shares)
            look(case.fires)
        if not case.fires:
            continue
        for n in range(1, gone + 1):
            timeline.append(quiet)
            look(bool(keep) and n < gone)
    series = [s for record in quiet for s in _series(stage, record, [shown[record] for shown in timeline])]
    return stage.scenario(f"{alert}: each condition alone decides", "windows", step, step, series, checks)


def _series(stage: Stage, record: str, shares: list[float]) -> Iterator[Series]:
    """Yield sums by group for sums, which the rules make shares of, and shares for what is one already."""
    if ":sum" in record:
        whole = stage.parts(1.0)
        for group, amount in whole:
            yield stage.series(record, group, [amount * share for share in shares])
        return
    for n, pot in enumerate(stage.pots):
        yield stage.series(record, pot, [share / (1 if n == 0 else 8) for share in shares])


def _forecast(stage: Stage) -> Scenario:
    """The bound moves with the calendar; a forecast has to be over it for as long as it is held."""
    ledger = stage.ledger
    alert, kind = names.alert(ledger.item.name, names.FORECAST_EXCEEDS), ledger.kind_of_period
    pending = forecast_pending(ledger)
    pace = pending // 3
    shares, checks = [0.0], []

    def bound(at: int) -> float:
        left = stage.remaining(at) / (ledger.period.length / DAY) if kind != "rolling" else 1.0
        return 1 + spending.margin(kind, left)

    runs = ledger.period.length // 5 // pace
    for factor, fires in ((UNDER, False), (OVER, True), (0.5, False), (OVER, True)):
        for n in range(max(6, runs)):
            at = len(shares) * pace
            shares.append(bound(at) * (1 + (factor - 1) / 4 if factor > 0.5 else factor))
            told = fires and n >= 3
            if n in {0, 1, 2, 3, 4, max(6, runs) - 1}:
                checks.append(stage.fires(alert, at, [stage.pots[0]] if told else []))
    series = list(_series(stage, names.FORECAST, shares))
    return stage.scenario(f"{alert}: over its bound, and long enough", "windows", pace, pace, series, checks)


def _soon(stage: Stage) -> Scenario:
    """The allowance is soon gone all the time, and the period ends."""
    ledger = stage.ledger
    alert, kind = names.alert(ledger.item.name, names.EXHAUSTION_SOON), ledger.kind_of_period
    horizon = ledger.horizon / SECOND
    pace = round_up(max(ledger.horizon / 12, 1.2 * KEEP_FIRING), stage.slow)
    last = TURN[kind] // pace + 2

    def met(at: int) -> bool:
        return stage.remaining(at) > ledger.horizon / DAY and stage.settled(at)

    checks = [
        # kept for the first evaluation that would clear it
        stage.fires(alert, n * pace, [stage.pots[0]] if met(n * pace) or met((n - 1) * pace) else [])
        for n in range(max(2, last - 20), last + 1)
    ]
    series = [
        stage.series(names.EXHAUSTION, pot, [horizon / 5 if n == 0 else MUCH * horizon] * (last + 1))
        for n, pot in enumerate(stage.pots)
    ]
    return stage.scenario(f"{alert}: not when the period ends sooner", "windows", pace, pace, series, checks)


def kept(stage: Stage) -> Iterator[Scenario]:
    """Yield, to the tick, how long alerts are kept that were evaluated at coarser paces."""
    ledger = stage.ledger
    if ledger.item.alerts.exhaustion == "off":
        return
    alert = names.alert(ledger.item.name, names.EXHAUSTION_SOON)
    step, horizon = stage.slow, ledger.horizon / SECOND
    gone = -(-KEEP_FIRING // step) + 1
    lead = ledger.settling // step + 1 if ledger.period.is_calendar else 0
    samples = [*[4 * horizon] * (lead + 1), horizon / 2, *[4 * horizon] * (gone + 1)]
    checks = [stage.fires(alert, (lead + n) * step, [stage.pots[0]] if 0 < n <= gone else []) for n in range(gone + 2)]
    series = [
        stage.series(names.EXHAUSTION, pot, samples if n == 0 else [4 * horizon] * len(samples))
        for n, pot in enumerate(stage.pots)
    ]
    yield stage.scenario(f"{alert}: is kept a while", "windows", step, step, series, checks)
