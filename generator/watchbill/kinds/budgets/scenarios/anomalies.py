"""An hour unlike others: the median of four weeks, the ratio to it, its own spread, and what the alert makes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from watchbill import spending
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import DAY, HOUR, MINUTE, SECOND, WEEK
from watchbill.kinds.budgets.alerts import ANOMALY_PENDING
from watchbill.kinds.budgets.amounts import Amount
from watchbill.kinds.budgets.anomaly import QUARTILES_PER_SIGMA
from watchbill.kinds.budgets.scenarios.moves import Watch
from watchbill.kinds.setting import stale_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from watchbill.kinds.budgets.scenarios.common import Group, Stage
    from watchbill.model import Fires, Records, Scenario, Series

PACE = 12 * HOUR
WEEKS = 5
LEVEL = 100.0
OVER, UNDER, MUCH = 1.006, 0.994, 4.0
"""Close enough that half as much again is told from four times the least sigma."""
EARLY = 4
"""Samples whose median lies between two of them."""


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield the values over five weeks, and the alert's conditions one by one."""
    if stage.ledger.item.alerts.anomaly == "off":
        return
    yield _values(stage)
    yield _conditions(stage, 0.01, 9)
    yield _conditions(stage, 0.4, 5)
    yield _turning(stage)
    yield _weeks(stage)


def _weeks(stage: Stage) -> Scenario:
    """What is read of each earlier week: the newest of a few samples, one that is almost too old, or one that is."""
    span = stale_read(stage.slow) if stage.ledger.slow_of[names.SPEND, HOUR] else 5 * MINUTE
    step, pace = 30 * SECOND, WEEK + 3 * HOUR
    ages = ((span - step,), (span // 2, span // 5), (span // 2, span // 5), (span + 2 * step,))
    count = 14 * pace // step
    samples: list[float | None] = [None] * count
    expected: list[Records] = []
    for n in range(1, 14):
        seen: list[float] = []
        for k in range(1, min(n, 4) + 1):
            at, kind = n * pace - k * WEEK, (n + k * k) % len(ages)
            values = [100.0 * k + 7 * n + (40 * i if kind == 1 else -40 * i) for i in range(len(ages[kind]))]
            for age, value in zip(ages[kind], values, strict=True):
                samples[(at - age) // step] = value
            seen += values[-1:] if ages[kind][-1] <= span else []
        found = [(g, median(seen)) for g in stage.groups] if seen else []
        expected.append(stage.records(names.BASELINE, n * pace, found))
    series = [stage.series(names.window_sum(names.SPEND, HOUR), g, samples) for g in stage.groups]
    return stage.scenario("what earlier weeks are remembered by", "windows", step, pace, series, records=expected)


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


def _conditions(stage: Stage, spread: float, apart: int) -> Scenario:
    """Log ratios, hours and what they usually are, as recorded; the spread follows from the ratios before.

    In a calm history half as much again decides, in a restless one four sigmas do. Each case lasts until the alert is
    due, is looked at just before and then, and is followed by calm for `apart` samples. What is usual, and then the
    ratio, goes missing while all is over.
    """
    step = stage.slow
    held = -(-ANOMALY_PENDING // step) + 1
    group = stage.judged[-1] if not isinstance(stage.ledger.item.allowance, Amount) else stage.groups[-1]
    story = _Story(floor(stage, group), spread)
    story.calm(2 * apart)
    for excess, beyond in (
        (2.0, UNDER), (2.0, OVER), (OVER, 1.5), (1.0, 1.5), (UNDER, 1.5), (2.0, UNDER), (2.0, OVER), (2.0, UNDER),
    ):  # fmt: skip
        story.calm(apart)
        story.case(held, excess, beyond)
    hole = stale_read(step) // step + 2
    for missing in ("usual", "ratio"):
        story.calm(apart)
        story.case(held + 1, MUCH, MUCH)
        story.case(hole, MUCH, MUCH, missing)
        story.case(held + 1, MUCH, MUCH)
    story.case(2, 0.0, MUCH)
    word = "a calm history" if spread < spending.MIN_SIGMA else "a restless history"
    return _told(stage, story, group, word)


def _turning(stage: Stage) -> Scenario:
    """Median and spread move from one evaluation to the next: upwards with each case, and down after a wild hour."""
    held = -(-ANOMALY_PENDING // stage.slow) + 1
    group = stage.judged[-1] if not isinstance(stage.ledger.item.allowance, Amount) else stage.groups[-1]
    story = _Story(floor(stage, group), 0.01)
    steps = [n / 10 for n in range(-4, 5)]
    story.quiet(steps[::-1])
    story.case(held, MUCH, OVER)
    story.case(held, MUCH, UNDER)
    story.quiet(steps)
    story.case(held, MUCH, UNDER)
    story.quiet([-1.0] * 20)
    story.calm(45)
    story.case(held, MUCH, OVER)
    story.calm(1)
    return _told(stage, story, group, "a history that turns")


@dataclass
class _Story:
    """Samples of one group: its log ratio, what the hour costs above the usual, and the usual."""

    enough: float
    spread: float
    ratios: list[float | None] = field(default_factory=list)
    excess: list[float] = field(default_factory=list)
    usual: list[float | None] = field(default_factory=list)

    def calm(self, count: int) -> None:
        for n in range(count):
            self._add(self.spread * (n % 5 - 2) + 0.05, 0.0)

    def quiet(self, ratios: Sequence[float]) -> None:
        for ratio in ratios:
            self._add(ratio, 0.0)

    def case(self, count: int, excess: float, beyond: float, missing: str = "") -> None:
        for _ in range(count):
            ratio = _bound([r for r in self.ratios if r is not None]) * beyond
            self._add(None if missing == "ratio" else ratio, excess * self.enough, missing)

    def _add(self, ratio: float | None, excess: float, missing: str = "") -> None:
        self.ratios.append(ratio)
        self.excess.append(excess)
        self.usual.append(None if missing == "usual" else self.usually(len(self.usual)))

    def met(self, n: int, remembered: int) -> bool:
        """Whether the alert's condition is met when sample `n` is the newest, as slow reads remember so many."""
        ratio, usual = _newest(self.ratios, n, remembered), _newest(self.usual, n, remembered)
        if ratio is None or usual is None:
            return False
        window = [r for r in self.ratios[: n + 1] if r is not None]
        sigma = (quantile(0.75, window) - quantile(0.25, window)) / QUARTILES_PER_SIGMA
        excess = self.hour(n) - usual
        return spending.unusual(ratio, quantile(0.5, window), sigma, excess, self.enough)

    def usually(self, n: int) -> float:
        """Return what the hour usually costs: it moves by more than cases are over or under."""
        return 7.0 + n % 7 * 0.02 * self.enough

    def hour(self, n: int) -> float:
        """Return what an hour costs; it is known while the usual is missing."""
        return self.usually(n) + self.excess[n]


def _newest(samples: Sequence[float | None], n: int, remembered: int) -> float | None:
    return next((v for v in reversed(samples[max(0, n - remembered) : n + 1]) if v is not None), None)


def _told(stage: Stage, story: _Story, group: Group, word: str) -> Scenario:
    """Every evaluation is looked at, but where a missing sample is just as old as reads remember (2.x, 3.x)."""
    alert, step = names.alert(stage.ledger.item.name, names.ANOMALY), stage.slow
    remembered = stale_read(step) // step
    checks: list[Fires] = []
    watch = Watch(ANOMALY_PENDING, 0)
    for n in range(len(story.ratios)):
        fires = watch.look(n * step, met=story.met(n, remembered))
        if story.met(n, remembered) == story.met(n, remembered - 1):
            checks.append(stage.fires(alert, n * step, [group] if fires else []))
    first = [r for r in story.ratios[:EARLY] if r is not None]
    centres = [(g, quantile(0.5, first) if g == group else 0.05) for g in stage.groups]
    early = [stage.records(names.LOG_MEDIAN, (EARLY - 1) * step, centres)]
    series: list[Series] = []
    count = len(story.ratios)
    for g in stage.groups:
        own = g == group
        hours = [story.hour(n) if own else 7.0 for n in range(count)]
        series.append(stage.series(names.LOG_RATIO, g, story.ratios if own else [0.05] * count))
        series.append(stage.series(names.BASELINE, g, story.usual if own else [7.0] * count))
        series.append(stage.series(names.window_sum(names.SPEND, HOUR), g, list(hours)))
    return stage.scenario(f"{alert}: each condition alone decides in {word}", "windows", step, step, series,
                          checks, early)  # fmt: skip


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
