"""Alerts on the numbers themselves: no price, old prices, restless counters, nothing there, two sources that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.durations import DAY, HOUR, SECOND, round_up
from watchbill.kinds.budgets.health import ABSENT_FOR, DRIFT_PENDING, MOST_RESETS, PENDING
from watchbill.kinds.slis.exposition import INSTANCE
from watchbill.kinds.slis.history import values
from watchbill.model import Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.scenarios.common import Stage
    from watchbill.model import Fires, Scenario


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield what each of them fires on, and what not."""
    item = stage.ledger.item
    if item.unpriced is not None and item.alerts.unpriced != "off":
        record = names.window_sum(names.UNPRICED, HOUR)
        yield _held(stage, names.UNPRICED_TOKENS, record, [(0.0, False), (1.0, True), (0.0, False)])
    if item.alerts.resets != "off":
        few, many = float(MOST_RESETS), MOST_RESETS + 1.0
        yield _held(stage, names.COUNTER_RESETS, names.RESETS, [(0.0, False), (few, False), (many, True), (0.0, False)])
    if item.price_table is not None and item.alerts.price_table != "off":
        yield _prices(stage)
    if item.alerts.missing != "off":
        yield _missing(stage)
    if item.compare_with is not None and item.alerts.drift != "off":
        yield from _drift(stage)


def _held(stage: Stage, what: str, record: str, phases: list[tuple[float, bool]]) -> Scenario:
    """Each value is there for longer than the alert is held, and looked at on every tick."""
    alert, step = names.alert(stage.ledger.item.name, what), stage.slow
    needed = PENDING // step + (PENDING % step > 0)
    samples: list[float | None] = []
    checks: list[Fires] = []
    for value, fires in phases:
        for n in range(needed + 2):
            checks.append(stage.fires(alert, len(samples) * step, [{}] if fires and n >= needed else []))
            samples.append(value)
    return stage.scenario(f"{alert}: over its bound, and long enough", "windows", step, step,
                          [stage.series(record, {}, samples)], checks)  # fmt: skip


def _prices(stage: Stage) -> Scenario:
    """Of two processes one has old prices but for a moment, then that one goes, then all go."""
    item = stage.ledger.item
    if item.price_table is None:
        raise AssertionError(names.PRICE_TABLE_OLD)
    alert, limit = names.alert(item.name, names.PRICE_TABLE_OLD), item.price_table.no_older_than
    pace = PENDING
    start = 4 * pace
    turn = start // pace
    selector = item.price_table.timestamp
    own = {**INSTANCE, **(selector.example() or {})}
    old = [float((start - limit) // SECOND + 60)] * (turn + 8)
    new: list[float | None] = [start / SECOND - 10.0] * (turn + 20)
    old[turn + 5] = start / SECOND - 10.0
    shown: list[Series] = []
    for instance, samples in (("instance-1", [*old, *[None] * 12]), ("instance-2", new)):
        labels = tuple(sorted({**own, "instance": instance}.items()))
        shown.append(Series(selector.metric, labels, values(samples)))
    checks = []
    for later, fires in ((-1, 0), (0, 0), (1, 0), (2, 1), (5, 0), (6, 0), (7, 1), (12, 0)):
        n = turn + later
        checks.append(stage.fires(alert, n * pace, [{}] if fires else []))
    return stage.scenario(f"{alert}: the oldest prices there are", "windows", pace, pace, shown, checks)


def _missing(stage: Stage) -> Scenario:
    """Tiles stop and come back; there are no others of that name."""
    alert, tile = names.alert(stage.ledger.item.name, names.SIGNAL_MISSING), stage.tile
    window = max(ABSENT_FOR, 4 * tile)
    gap = round_up(window + PENDING + 4 * tile, tile) // tile
    begin = 4
    samples: list[float | None] = [*[1.0] * begin, *[None] * gap, *[1.0] * 4]
    absent = begin - 1 + window // tile
    first = absent + -(-PENDING // tile)
    looks = ((begin, 0), (absent - 1, 0), (first - 1, 0), (first + 1, 1), (begin + gap - 1, 1), (begin + gap, 0))
    checks = [stage.fires(alert, n * tile, [{}] if fires else []) for n, fires in looks]
    series = [stage.series(names.tile(names.SPEND, tile), stage.groups[0], samples)]
    return stage.scenario(f"{alert}: nothing is counted for a while", "windows", tile, tile, series, checks)


def _drift(stage: Stage) -> Iterator[Scenario]:
    """Ours or theirs is more, by just over or just under the tolerance; a day has to be known of both."""
    item = stage.ledger.item
    if item.compare_with is None:
        raise AssertionError(names.SOURCES_DRIFT)
    alert, pace, step = names.alert(item.name, names.SOURCES_DRIFT), HOUR, stage.slow - 2 * SECOND
    tolerance, day = item.compare_with.tolerance, DAY // HOUR
    held = -(-DRIFT_PENDING // pace)
    for name, ours, theirs, late, fires in (
        ("they say a little less", 1.0, 1 - 1.02 * tolerance, 0, True),
        ("they say hardly less", 1.0, 1 - 0.98 * tolerance, 0, False),
        ("they say a little more", 1 - 1.02 * tolerance, 1.0, 0, True),
        ("they say hardly more", 1 - 0.98 * tolerance, 1.0, 0, False),
        ("nobody says anything", 0.0, 0.0, 0, False),
        ("only they say anything", 0.0, 1.0, 0, True),
        ("ours is new", 1.0, 1.0, 6, False),
        ("theirs is new", 1.0, 1.0, -6, False),
    ):
        last = day + held + 6
        count = last * HOUR // step + 1
        begin, theirs_begin = max(0, late) * HOUR // step, max(0, -late) * HOUR // step
        parts = stage.parts(1.0)
        whole = sum(amount for _, amount in parts)
        series = []
        for group, amount in parts:
            samples: list[float | None] = [*[None] * begin, *[ours * amount] * (count - begin)]
            series.append(stage.series(names.tile(names.SPEND, stage.slow), group, samples))
        first = day + held + 1
        others: list[float | None] = [*[None] * theirs_begin, *[theirs * whole] * (count - theirs_begin)]
        looks = [(day - 1, False), (day, False), (first, fires), (first + 2, fires)]
        if fires and ours:  # hours in which both say the same: it clears
            agree = (first + 2) * HOUR // step + 1
            others[agree:] = [ours * whole] * (count - agree)
            looks.append((last, False))
        series.append(stage.series(names.tile(names.COMPARED, stage.slow), {}, others))
        checks = [stage.fires(alert, n * pace, [{}] if told else []) for n, told in looks]
        yield stage.scenario(f"{alert}: {name}", "tiles", step, pace, series, checks)
