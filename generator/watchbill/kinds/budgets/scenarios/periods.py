"""From slow tiles on: what a period has spent, since when that is known, how it will end, and how long it lasts.

A little clockwork computes what rules must record, sample by sample, the way the server reads: sums over tiles look
`lag` back, and each level sees what the one below recorded at the same evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from watchbill import spending
from watchbill.conventions import PERIOD
from watchbill.conventions import budgets as names
from watchbill.durations import DAY, HOUR, MINUTE, SECOND, round_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.scenarios.common import Group, Stage
    from watchbill.model import Records, Scenario

PACE = {"month": 12 * HOUR, "week": 4 * HOUR, "day": HOUR}
ENDS = {"month": 40 * DAY, "week": 12 * DAY, "day": 9 * DAY}
TURN = {"month": 31 * DAY, "week": 4 * DAY, "day": DAY}
"""The first boundary after time 0, which is Thursday 1970-01-01."""
FOUR_WEEKS = 28 * DAY
PARTS_PER_PERIOD = 60


def stamp(period: str, at: int) -> int:
    """Return the number of the calendar period that a tile ending at `at` ms belongs to."""
    moment = datetime.fromtimestamp((at - SECOND) // SECOND, UTC)
    if period == "month":
        return moment.month
    if period == "week":
        return (moment.date().toordinal() - datetime(1970, 1, 5, tzinfo=UTC).date().toordinal()) // 7 % 5
    return (moment.weekday() + 1) % 7


@dataclass(frozen=True)
class Clockwork:
    """What becomes of slow tiles, by group: one each `step` ms from `first` on, evaluations each `pace` ms."""

    stage: Stage
    step: int
    pace: int
    tiles: list[tuple[Group, list[float]]]
    first: int = 0

    @property
    def kind(self) -> str:
        """Month, week, day or rolling."""
        return self.stage.ledger.kind_of_period

    def over(self, group: int, length: int, at: int) -> list[float]:
        """Return the tiles that a read over `length` ms at `at` sees."""
        tiles = self.tiles[group][1]
        return [tiles[i] for i in self.stage.inside(length, self.step, at) if self.first <= i < len(tiles)]

    def recorded(self, length: int, at: int) -> list[int]:
        """Return the evaluations whose records a read over `length` ms of the current period sees."""
        times = (n * self.pace for n in self.stage.inside(length, self.pace, at))
        calendar = self.kind != "rolling"
        return [t for t in times if not calendar or stamp(self.kind, t) == stamp(self.kind, at)]

    def stamped(self, group: int, at: int) -> float | None:
        """Return the tile that is stamped at an evaluation."""
        found = self.over(group, self.stage.slow, at)
        return sum(found) if found else None

    def spent(self, group: int, at: int) -> float | None:
        """Return what is spent in the period."""
        period = self.stage.ledger.period
        if self.kind == "rolling":
            found = self.over(group, period.length, at)
        else:
            found = [v for t in self.recorded(period.longest, at) if (v := self.stamped(group, t)) is not None]
        return sum(found) if found else None

    def watched(self, at: int) -> float | None:
        """Return since when, in days, there are tiles in the period."""
        period = self.stage.ledger.period
        times = self.recorded(period.longest or period.length, at)
        seen = [t for t in times if any(self.stamped(n, t) is not None for n in range(len(self.tiles)))]
        return (at + self.stage.slow - min(seen)) / DAY if seen else None

    def planned(self, at: int) -> float | None:
        """Return the share of the allowance that is planned for what was watched."""
        watched, ledger = self.watched(at), self.stage.ledger
        if watched is None:
            return None
        if self.kind == "rolling":
            return min(1.0, watched * DAY / ledger.period.length)
        now = (at - SECOND) / DAY
        share = spending.planned(ledger.item.plan, self.kind, now)
        return spending.watched(share, spending.elapsed(self.kind, now), watched)

    def shares(self, amounts: list[float | None]) -> list[tuple[Group, float]]:
        """Return amounts by group as shares of the allowances."""
        stage = self.stage
        if stage.ledger.shared:
            known = [a for a in amounts if a is not None]
            return [({}, sum(known) / stage.allowance({}))] if known else []
        pairs = zip(self.tiles, amounts, strict=True)
        return [(g, a / stage.allowance(g)) for (g, _), a in pairs if a is not None and g in stage.judged]


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield a period watched from its begin into the next one, and one that is watched from its middle on."""
    kind = stage.ledger.kind_of_period
    length = stage.ledger.period.length
    pace = PACE.get(kind) or round_up(length / PARTS_PER_PERIOD, stage.slow)
    end = ENDS.get(kind) or round_up(length * 1.1, pace)
    end = max(end, round_up(max(stage.ledger.mean_window, stage.ledger.horizon) * 1.2, pace))
    step = _step(stage, pace, end)
    yield _play(stage, "a period and the next", pace, step, end, 0)
    yield _play(stage, "watched from the middle on", pace, step, round_up(end / 2, pace), end // 4 // step)
    yield _play(stage, "every few minutes", stage.slow, stage.slow - 2 * SECOND, 24 * stage.slow, 0, falling=True)
    if stage.ledger.item.alerts.anomaly != "off":
        yield _level(stage)


def ramps(stage: Stage, count: int, per_period: float) -> list[tuple[Group, list[float]]]:
    """Return rising tiles by group that add up to more than the allowance over `per_period` of them."""
    out = []
    for n, (group, amount) in enumerate(stage.parts(1.0)):
        unit = max(1.0, amount / per_period)
        out.append((group, [float(round(unit * (1 + (1 + 0.1 * n) * i / per_period))) + n for i in range(count)]))
    return out


def _step(stage: Stage, pace: int, end: int) -> int:
    """Return an interval (ms) of tiles that shows, late in the history, how far back reads begin."""
    bounds = [(0, stage.lag // 2), (stage.lag // 2, stage.lag), (stage.lag, stage.lag + stage.lag // 2)]
    for less in range(SECOND, 12 * SECOND, 250):
        phases = [at % (stage.slow - less) for at in range(end // 2 // pace * pace, end, pace)]
        if all(any(low <= phase < high for phase in phases) for low, high in bounds):
            return stage.slow - less
    return stage.slow - 2 * SECOND


def _play(stage: Stage, name: str, pace: int, step: int, end: int, first: int, *, falling: bool = False) -> Scenario:
    ledger = stage.ledger
    tiles = ramps(stage, end // step + 1, ledger.period.length / pace)
    if falling:
        tiles = [(group, values[::-1]) for group, values in tiles]
    work = Clockwork(stage, step, pace, tiles, first)
    kind = ledger.kind_of_period
    turn = round_up(TURN.get(kind, 0), pace)
    begun = round_up(first * step + stage.slow, pace)
    listed = {pace, begun + pace, begun + 2 * pace, round_up((begun + end) / 2, pace), end - pace, end}
    if turn and turn < end:
        listed |= {turn, turn + pace, turn + 2 * pace, turn + 3 * pace}
    listed |= {at for at in range(begun + pace, end, pace) if _tells(stage, step, at)}
    samples: list[list[float | None]] = [[None] * first + list(v[first:]) for _, v in tiles]
    series = [
        stage.series(names.tile(names.SPEND, stage.slow), group, shown)
        for (group, _), shown in zip(tiles, samples, strict=True)
    ]
    expected = [r for at in sorted(listed) if pace <= at <= end for r in _expected(work, at)]
    fires = []
    if ledger.item.alerts.exhausted != "off":
        alert = names.alert(ledger.item.name, names.EXHAUSTED)
        for at in (at for at in sorted(listed) if pace <= at <= end):
            shares = work.shares([work.spent(n, at) for n in range(len(tiles))])
            fires.append(stage.fires(alert, at, [g for g, share in shares if share >= 1]))
    return stage.scenario(name, "tiles", step, pace, series, fires, expected)


def _tells(stage: Stage, step: int, at: int) -> bool:
    """Whether a sample lies just where half the lag, or twice the lag, would read another one."""
    return stage.lag // 2 <= at % step < stage.lag or stage.lag <= at % step < stage.lag + stage.lag // 2


def _expected(work: Clockwork, at: int) -> Iterator[Records]:
    stage = work.stage
    ledger, groups = stage.ledger, range(len(work.tiles))
    for (what, length), slow in ledger.slow_of.items():
        if what == names.SPEND and slow:
            sums = [(work.tiles[n][0], sum(found)) for n in groups if (found := work.over(n, length, at))]
            yield stage.records(names.window_sum(what, length), at, sums)
    window, per_day = ledger.mean_window, DAY / stage.slow
    means = [sum(found) / len(found) * per_day if (found := work.over(n, window, at)) else None for n in groups]
    by_group = [(work.tiles[n][0], m) for n, m in enumerate(means) if m is not None]
    yield stage.records(names.per_day(window), at, by_group)
    yield from _stamps(work, at)
    spent = [work.spent(n, at) for n in groups]
    if ledger.period.is_calendar:
        found_sums = [(work.tiles[n][0], s) for n, s in enumerate(spent) if s is not None]
        yield stage.records(names.period_sum(), at, found_sums)
    if ledger.pot_names and not isinstance(ledger.item.allowance, tuple):
        own = [(work.tiles[n][0], stage.allowance({})) for n, s in enumerate(spent) if s is not None]
        yield stage.records(names.ALLOWANCE, at, own)
    watched, planned = work.watched(at), work.planned(at)
    yield stage.records(names.WATCHED, at, [] if watched is None else [({}, watched)])
    yield stage.records(names.PLANNED, at, [] if planned is None else [({}, planned)], tolerance=1e-7)
    shares = work.shares(spent)
    yield stage.records(names.SPENT, at, shares)
    ready = planned is not None and watched is not None and watched >= ledger.horizon / DAY and stage.settled(at)
    paces = [(g, s / planned) for g, s in shares] if ready and planned else []
    yield stage.records(names.PACE, at, paces, tolerance=1e-7)
    yield from _outlook(work, at, shares, means, planned)


def _stamps(work: Clockwork, at: int) -> Iterator[Records]:
    stage = work.stage
    calendar = stage.ledger.period.is_calendar
    number = ((PERIOD, str(stamp(work.kind, at))),) if calendar else ()
    tiles = [(g, v) for n, (g, _) in enumerate(work.tiles) if (v := work.stamped(n, at)) is not None]
    if calendar:
        yield stage.records(names.stamped(stage.slow), at, tiles, number)
    seen: list[tuple[Group, float]] = [({}, at / SECOND)] if tiles else []
    yield stage.records(names.seen(calendar=calendar), at, seen, number)


def _outlook(
    work: Clockwork, at: int, shares: list[tuple[Group, float]], means: list[float | None], planned: float | None
) -> Iterator[Records]:
    stage = work.stage
    ledger = stage.ledger
    by_day = dict(_keyed(work.shares(means)))
    if work.kind == "day":
        by_day = dict(_keyed(_rest_of_day(work, at)))
    now = (at - SECOND) / DAY
    forecast = []
    for key, share in by_day.items():
        if work.kind in {"week", "rolling"}:
            forecast.append((dict(key), share * ledger.period.length / DAY))
            continue
        spent = dict(_keyed(shares)).get(key)
        if spent is None or planned is None or not stage.settled(at):
            continue
        if work.kind == "day":
            forecast.append((dict(key), spent + share))
            continue
        begin, plan = now - spending.elapsed(work.kind, now), ledger.item.plan
        total = spending.weight(plan, begin, begin + spending.days(work.kind, now))
        forecast.append((dict(key), spending.forecast_month(spent, share, plan, total, planned)))
    yield stage.records(names.FORECAST, at, forecast, tolerance=1e-7)
    rates = dict(_keyed(work.shares([sum(work.over(n, ledger.horizon, at)) for n in range(len(work.tiles))])))
    lasts = []
    for group, of_it in shares:
        rate = rates[tuple(group.items())] * DAY / ledger.horizon
        if work.kind == "rolling":
            rate -= of_it * DAY / ledger.period.length
        if rate > 0:
            lasts.append((group, spending.exhaustion(of_it, rate) * DAY / SECOND))
    yield stage.records(names.EXHAUSTION, at, lasts, tolerance=1e-7)


def _rest_of_day(work: Clockwork, at: int) -> list[tuple[Group, float]]:
    """Return what the rest of the day cost a week ago, as shares of the allowances."""
    then = at - spending.WEEK_BEFORE
    rests: list[float | None] = []
    for n in range(len(work.tiles)):
        day, by_then = work.over(n, DAY, then) if then >= 0 else [], work.spent(n, then) if then > 0 else None
        known = day and by_then is not None
        rests.append(max(0.0, sum(day) / len(day) * DAY / work.stage.slow - (by_then or 0)) if known else None)
    return work.shares(rests)


def _keyed(shares: list[tuple[Group, float]]) -> list[tuple[tuple[tuple[str, str], ...], float]]:
    return [(tuple(group.items()), share) for group, share in shares]


def _level(stage: Stage) -> Scenario:
    """The mean hour of four weeks, from tiles twice an hour."""
    pace, step = 2 * DAY, 30 * MINUTE - stage.lag // 5
    end = FOUR_WEEKS + 2 * pace
    tiles = ramps(stage, end // step + 1, 700)
    work = Clockwork(stage, step, pace, tiles)
    expected = []
    for at in range(pace, end + 1, pace):
        found = [(g, work.over(n, FOUR_WEEKS, at)) for n, (g, _) in enumerate(tiles)]
        means = [(g, sum(v) / len(v) * HOUR / stage.slow) for g, v in found]
        expected.append(stage.records(names.LEVEL, at, means))
    series = [stage.series(names.tile(names.SPEND, stage.slow), g, list(v)) for g, v in tiles]
    return stage.scenario("the mean hour of four weeks", "tiles", step, pace, series, records=expected)
