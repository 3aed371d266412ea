"""A few minutes at a time: what is read rises and falls from one evaluation to the next, and is missing in turn.

It tells the newest sample from a mean, a maximum or a sum of several, and shows how long a read remembers. Samples come
a little quicker than evaluations, so that none is ever just as old as a read may look back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, log
from typing import TYPE_CHECKING

from watchbill import spending
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import DAY, HOUR, MINUTE, SECOND
from watchbill.kinds.setting import stale_read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from watchbill.kinds.budgets.scenarios.common import Group, Stage
    from watchbill.model import Records, Scenario, Series

Samples = list[float | None]
LOOKBACK = 5 * MINUTE
"""How far an instant selector looks back."""
FIRST = 24
"""Samples before anything is missing."""
QUICKER = 7001
"""By how much (ms) samples come quicker than evaluations, at least."""


@dataclass(frozen=True)
class Reader:
    """How rules of the slow pace read what they are given. Times in ms."""

    stage: Stage

    @property
    def step(self) -> int:
        """Return the interval of samples: no multiple of it is a whole number of evaluations for long."""
        slow = self.stage.slow
        quick = max(slow - QUICKER, slow // 2)
        return next(step for step in range(quick, 0, -1) if gcd(step, slow) == 1)

    @property
    def stale(self) -> int:
        """Return how far back slow reads look."""
        return stale_read(self.stage.slow)

    @property
    def hole(self) -> int:
        """Return a number of samples that is more than slow reads bridge."""
        return (self.stale + 2 * self.stage.slow) // self.step + 1

    def newest(self, samples: Samples, at: int, span: int = 0) -> float | None:
        """Return what a read sees."""
        last = min(at // self.step, len(samples) - 1)
        for i in range(last, -1, -1):
            if at - i * self.step > (span or self.stale):
                return None
            if samples[i] is not None:
                return samples[i]
        return None

    def waves(self, inputs: list[Callable[[int], float]]) -> list[Samples]:
        """Return samples of each input, with a hole in one after the other."""
        length, apart = FIRST + len(inputs) * (self.hole + 4) + 4, self.hole + 4
        found: list[Samples] = []
        for k, value in enumerate(inputs):
            gone = range(FIRST + k * apart, FIRST + k * apart + self.hole)
            found.append([None if i in gone else value(i) for i in range(length)])
        return found

    def evaluations(self, samples: Samples) -> range:
        """Return when rules are evaluated while there are samples; not at time 0, which ends a period."""
        return range(self.stage.slow, (len(samples) - 1) * self.step, self.stage.slow)


def noise(i: int, k: int) -> float:
    """Return something in 0..1 that follows no line and no other `k`."""
    return ((i * i * 29 + i * 13 * (k + 1) + 7 * k) % 31) / 31


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield what is read of sums and clocks, and what is read of shares."""
    ledger = stage.ledger
    if not ledger.period.is_calendar and ledger.period.length in {HOUR, ledger.horizon}:
        return  # what is spent of the allowance and at what rate are one series
    yield _shares(stage)
    yield _outlook(stage)
    if ledger.item.alerts.anomaly != "off":
        yield _log_ratios(stage)


def by_group(stage: Stage, record: str, shares: Samples) -> list[Series]:
    """Return amounts by group that come to these shares of the first allowance."""
    parts = stage.parts(1.0)
    return [
        stage.series(record, group, [None if share is None else share * amount for share in shares])
        for group, amount in parts
    ]


def of_pots(stage: Stage, share: float) -> list[tuple[Group, float]]:
    """Return the share that each allowance has when the first has `share`, as `by_group` has it."""
    if stage.ledger.shared:
        return [({}, share)]
    return [(pot, share / (1 if n == 0 else 8)) for n, pot in enumerate(stage.pots)]


def elapsed(stage: Stage, at: int) -> float:
    """Return the days of the calendar period that have passed."""
    return spending.elapsed(stage.ledger.kind_of_period, (at - SECOND) / DAY)


def planned(stage: Stage, watched: float, at: int) -> float:
    """Return the share of the allowance that is planned for what was watched."""
    ledger = stage.ledger
    if not ledger.period.is_calendar:
        return min(1.0, watched / float(literal(ledger.period.length / DAY)))
    now = (at - SECOND) / DAY
    share = spending.planned(ledger.item.plan, ledger.kind_of_period, now)
    return spending.watched(share, elapsed(stage, at), watched)


def _shares(stage: Stage) -> Scenario:
    """What is spent, of a sum; what is planned, of what was watched."""
    ledger, reader = stage.ledger, Reader(stage)
    calendar = ledger.period.is_calendar
    length = ledger.period.length / DAY

    def since(i: int) -> float:
        whole = elapsed(stage, i * reader.step) if calendar and i else length
        return (0.3 + noise(i, 1)) * whole

    spent, watched = reader.waves([lambda i: 0.0 if i % 9 == 5 else 0.1 + noise(i, 0), since])
    source = names.period_sum() if calendar else names.window_sum(names.SPEND, ledger.period.length)
    expected: list[Records] = []
    for at in reader.evaluations(spent):
        share, seen = reader.newest(spent, at), reader.newest(watched, at)
        expected.append(stage.records(names.SPENT, at, [] if share is None else of_pots(stage, share)))
        plan: list[tuple[Group, float]] = [] if seen is None else [({}, planned(stage, seen, at))]
        expected.append(stage.records(names.PLANNED, at, plan, tolerance=1e-7))
        if ledger.pot_names and not isinstance(ledger.item.allowance, tuple):
            own: list[tuple[Group, float]] = [] if share is None else [(g, stage.allowance(g)) for g in stage.groups]
            expected.append(stage.records(names.ALLOWANCE, at, own))
    series = [*by_group(stage, source, spent), stage.series(names.WATCHED, {}, watched)]
    return stage.scenario("shares of what moves", "windows", reader.step, stage.slow, series, records=expected)


def _outlook(stage: Stage) -> Scenario:
    """Pace, forecast and time to exhaustion; where nothing is spent, and where more drops out than is spent."""
    ledger, reader = stage.ledger, Reader(stage)
    least = ledger.horizon / DAY
    spent, watched, mean, rate = reader.waves([
        lambda i: 0.0 if i % 13 == 4 else 1.3 * noise(i, 0),
        lambda i: least * (1.0, 4.0, 0.95, 1.3, 2.5)[i * i % 7 % 5],
        lambda i: (0.1 + noise(i, 2)) / 20,
        lambda i: 0.0 if i % 13 == 4 else noise(i, 3) / 10,
    ])  # fmt: skip
    expected: list[Records] = []
    last = 0
    for at in reader.evaluations(spent):
        share, since = reader.newest(spent, at), reader.newest(watched, at)
        last = at if since is not None else last
        paces: list[tuple[Group, float]] = []
        if share is not None and since is not None and since >= float(literal(least)) and stage.settled(at):
            plan = planned(stage, since, at)
            paces = of_pots(stage, share / plan) if plan > 0 else []
        expected.append(stage.records(names.PACE, at, paces, tolerance=1e-7))
        burnt = reader.newest(rate, at)
        lasts = [] if share is None or burnt is None else time_left(stage, share, burnt)
        expected.append(stage.records(names.EXHAUSTION, at, lasts, tolerance=1e-7))
        then = reader.newest(watched, last)
        if ledger.kind_of_period != "day" and at - last < reader.stale and then is not None:
            told = forecasts(stage, share, reader.newest(mean, at), planned(stage, then, last), at)
            expected.append(stage.records(names.FORECAST, at, told, tolerance=1e-7))
    series = [stage.series(names.WATCHED, {}, watched)]
    for n, pot in enumerate(stage.pots):
        samples: Samples = [None if s is None else s / (1 if n == 0 else 8) for s in spent]
        series.append(stage.series(names.SPENT, pot, samples))
    series += by_group(stage, names.per_day(ledger.mean_window), mean)
    series += by_group(stage, names.window_sum(names.SPEND, ledger.horizon), rate)
    return stage.scenario("an outlook that moves", "windows", reader.step, stage.slow, series, records=expected)


def time_left(stage: Stage, share: float, burnt: float) -> list[tuple[Group, float]]:
    """Return the seconds until each allowance is gone, where a horizon costs the first one `burnt` of it."""
    ledger = stage.ledger
    if not ledger.period.is_calendar:
        burnt -= float(literal(ledger.horizon / ledger.period.length)) * share
    if burnt <= 0:
        return []
    cut = [1] if ledger.shared else [1 if n == 0 else 8 for n in range(len(stage.pots))]
    seconds = ledger.horizon / SECOND
    return [
        (pot, max(0.0, 1 - share / part) * seconds / (burnt / part)) for pot, part in zip(stage.pots, cut, strict=True)
    ]


def forecasts(
    stage: Stage, share: float | None, mean: float | None, plan_share: float, at: int
) -> list[tuple[Group, float]]:
    ledger = stage.ledger
    if mean is None:
        return []
    if ledger.kind_of_period != "month":
        return of_pots(stage, mean * ledger.period.length / DAY)
    if share is None or not stage.settled(at):
        return []
    now, plan = (at - SECOND) / DAY, ledger.item.plan
    begin = now - elapsed(stage, at)
    total = spending.weight(plan, begin, begin + spending.days("month", now))
    return of_pots(stage, spending.forecast_month(share, mean, plan, total, plan_share))


def _log_ratios(stage: Stage) -> Scenario:
    """An hour against the usual, where both move; and where nothing is usual, no ratio at all."""
    reader, slow = Reader(stage), stage.ledger.slow_of[names.SPEND, HOUR]

    def small(i: int, value: float, little: float) -> float:
        return {3: 0.0, 8: little}.get(i % 11, value)

    hour, usual, level = reader.waves([
        lambda i: 10.0 + 90 * noise(i, 0),
        lambda i: small(i, 5 + 100 * noise(i, 1), 0.5),
        lambda i: small(i, 100 + 2000 * noise(i, 2), 2.0),
    ])  # fmt: skip
    expected = []
    for at in reader.evaluations(hour):
        y, m, mean = (
            reader.newest(hour, at, 0 if slow else LOOKBACK), reader.newest(usual, at), reader.newest(level, at)
        )  # fmt: skip
        found = None
        if y is not None and m is not None and mean is not None and m + spending.SMOOTHING * mean > 0:
            c = spending.SMOOTHING * mean
            found = log((y + c) / (m + c))
        ratios = [] if found is None else [(g, found) for g in stage.groups]
        expected.append(stage.records(names.LOG_RATIO, at, ratios, tolerance=1e-7))
    records = ((names.window_sum(names.SPEND, HOUR), hour), (names.BASELINE, usual), (names.LEVEL, level))
    series = [stage.series(record, g, samples) for record, samples in records for g in stage.groups]
    return stage.scenario("an hour and a usual that move", "windows", reader.step, stage.slow, series,
                          records=expected)  # fmt: skip
