"""An hour unlike others: the median of four weeks, the ratio to it, its own spread, and what the alert makes of it."""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING

from watchbill import spending
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import DAY, HOUR, WEEK
from watchbill.kinds.budgets.alerts import ANOMALY_PENDING
from watchbill.kinds.budgets.amounts import Amount
from watchbill.kinds.budgets.anomaly import QUARTILES_PER_SIGMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from watchbill.kinds.budgets.scenarios.common import Group, Stage
    from watchbill.model import Fires, Records, Scenario, Series

PACE = 12 * HOUR
WEEKS = 5
LEVEL = 100.0
OVER, UNDER = 1.02, 0.98


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield the values over five weeks, and the alert's conditions one by one."""
    if stage.ledger.item.alerts.anomaly == "off":
        return
    yield _values(stage)
    yield _conditions(stage)


def quantile(q: float, samples: Sequence[float]) -> float:
    """Return a quantile as Prometheus interpolates it."""
    ordered = sorted(samples)
    rank = q * (len(ordered) - 1)
    low = math.floor(rank)
    high = min(len(ordered) - 1, low + 1)
    return ordered[low] * (1 - (rank - low)) + ordered[high] * (rank - low)


def _usual(n: int, k: int) -> float:
    """Return what an hour costs: weeks differ by no common factor, so that their median is one of them or between."""
    per_week = WEEK // PACE
    factor = (1.0, 1.7, 0.6, 1.2, 2.9, 0.8)[n // per_week % 6]
    return factor * (60.0 + 7 * (n % per_week) + 11 * k)


def _values(stage: Stage) -> Scenario:
    """Sums of an hour, one in twelve, with the mean hour given; the last week has outliers either way."""
    count, per_week = WEEKS * WEEK // PACE + 2, WEEK // PACE
    listed: list[tuple[Group, list[float]]] = []
    for k, group in enumerate(stage.groups):
        samples = [_usual(n, k) for n in range(count)]
        samples[-4], samples[-6], samples[-8] = 4000.0, 0.0, 900.0
        listed.append((group, samples))
    expected: list[Records] = []
    for n in (per_week // 2, per_week, 2 * per_week + 1, 3 * per_week + 3, count - 6, count - 1):
        at = n * PACE
        ratios = [(g, _ratio(v, n)) for g, v in listed]
        usual = [(g, u) for g, v in listed if (u := _baseline(v, n)) is not None]
        expected.append(stage.records(names.BASELINE, at, usual))
        expected.append(stage.records(names.LOG_RATIO, at, [(g, r) for g, r in ratios if r is not None]))
        centres, sigmas = [], []
        for g, v in listed:
            window = [r for i in range(n - per_week + 1, n + 1) if (r := _ratio(v, i)) is not None]
            if window:
                bound = spending.MAX_MEDIAN
                centres.append((g, min(bound, max(-bound, quantile(0.5, window)))))
                spread = (quantile(0.75, window) - quantile(0.25, window)) / QUARTILES_PER_SIGMA
                sigmas.append((g, max(spending.MIN_SIGMA, spread)))
        if at % WEEK:
            expected.append(stage.records(names.LOG_MEDIAN, at, centres))
            expected.append(stage.records(names.LOG_SIGMA, at, sigmas))
    series = [stage.series(names.window_sum(names.SPEND, HOUR), g, list(v)) for g, v in listed]
    series += [stage.series(names.LEVEL, g, [LEVEL] * count) for g, _ in listed]
    return stage.scenario("hours against those of earlier weeks", "windows", PACE, PACE, series, records=expected)


def _baseline(samples: Sequence[float], n: int) -> float | None:
    per_week = WEEK // PACE
    found = [samples[n - k * per_week] for k in (1, 2, 3, 4) if n >= k * per_week]
    return median(found) if found else None


def _ratio(samples: Sequence[float], n: int) -> float | None:
    usual = _baseline(samples, n) if n >= 0 else None
    return None if usual is None else spending.log_ratio(samples[n], [usual], LEVEL)


def floor(stage: Stage, group: Group) -> float:
    """Return what an unusual hour must cost above the usual."""
    item = stage.ledger.item
    if item.anomaly_floor is not None:
        return item.anomaly_floor.value
    share = spending.FLOOR_DAYS * DAY / stage.ledger.period.length
    if isinstance(item.allowance, Amount):
        return float(literal(share * item.allowance.value))
    return float(literal(share)) * stage.allowance(group)


def _conditions(stage: Stage) -> Scenario:
    """Log ratios, hours and what they usually are, as recorded; the spread follows from the ratios before.

    First a calm history, in which half as much again decides; then a restless one, in which four sigmas do. Each
    case lasts until the alert is due, is looked at just before and then, and is followed by calm.
    """
    alert, step = names.alert(stage.ledger.item.name, names.ANOMALY), stage.slow
    held = -(-ANOMALY_PENDING // step) + 1
    group = stage.judged[-1] if not isinstance(stage.ledger.item.allowance, Amount) else stage.groups[-1]
    enough = floor(stage, group)
    ratios: list[float] = []
    excess: list[float] = []
    checks: list[Fires] = []

    def calm(spread: float, count: int) -> None:
        for n in range(count):
            ratios.append(spread * (n % 5 - 2) + 0.05)
            excess.append(0.0)

    def case(word: float, beyond: float, *, fires: bool) -> None:
        for n in range(held):
            ratios.append(_bound(ratios) * beyond)
            excess.append(enough * word)
            at = (len(ratios) - 1) * step
            checks.append(stage.fires(alert, at, [group] if fires and n == held - 1 else []))

    for spread in (0.01, 0.4):
        calm(spread, 24)
        for word, beyond, fires in (
            (2.0, UNDER, False), (2.0, OVER, True), (OVER, 1.5, True), (1.0, 1.5, False), (UNDER, 1.5, False),
        ):  # fmt: skip
            calm(spread, 9)
            case(word, beyond, fires=fires)
        calm(spread, 12)
    series: list[Series] = []
    usual = [7.0] * len(ratios)
    for g in stage.groups:
        own = ratios if g == group else [0.05] * len(ratios)
        hours = [7.0 + e for e in excess] if g == group else usual
        series.append(stage.series(names.LOG_RATIO, g, list(own)))
        series.append(stage.series(names.BASELINE, g, list(usual)))
        series.append(stage.series(names.window_sum(names.SPEND, HOUR), g, list(hours)))
    return stage.scenario(f"{alert}: each condition alone decides", "windows", step, step, series, checks)


def _bound(before: list[float]) -> float:
    """Return the ratio at which the next sample would be just unusual: it is part of the spread it is held against."""
    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        window = [*before, middle]
        sigma = (quantile(0.75, window) - quantile(0.25, window)) / QUARTILES_PER_SIGMA
        far = spending.unusual(middle, quantile(0.5, window), sigma, 1, 0)
        low, high = (low, middle) if far else (middle, high)
    return high
