"""To the second where reads of slow tiles end: a sample lies just after the end, then one just before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import PERIOD
from watchbill.conventions import budgets as names
from watchbill.durations import DAY, HOUR, SECOND
from watchbill.kinds.budgets.scenarios.periods import stamp
from watchbill.kinds.slis.history import values
from watchbill.model import Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.scenarios.common import Group, Stage
    from watchbill.model import Records, Scenario

PACE = 3 * HOUR
SAMPLES = 5
"""Between two looks."""


def scenarios(stage: Stage) -> Iterator[Scenario]:
    """Yield what slow rules make of tiles, and of tiles that bear their period's number."""
    step = (PACE - stage.lag * 3 // 4) // SAMPLES
    once, twice = PACE % step, 2 * PACE % step
    if step <= 2 * stage.slow or not stage.lag // 2 < once < stage.lag < twice < 2 * stage.lag:
        return
    yield _tiles(stage, step)
    yield _stamped(stage, step)


def _tiles(stage: Stage, step: int) -> Scenario:
    """Nothing is spent from the second look on."""
    ledger = stage.ledger
    count = 4 * SAMPLES
    groups = [g for g, _ in stage.parts(1.0)]
    played = [(g, [float(100 * (n + 1) + 7 * i) if i <= 2 * SAMPLES else 0.0 for i in range(count)])
              for n, g in enumerate(groups)]  # fmt: skip
    expected: list[Records] = []
    calendar = ledger.period.is_calendar
    for at in (PACE, 2 * PACE, 3 * PACE):

        def over(length: int, at: int = at) -> list[tuple[Group, list[float]]]:
            inside = stage.inside(length, step, at)
            return [(g, found) for g, v in played if (found := [v[i] for i in inside])]

        for (what, length), slow in ledger.slow_of.items():
            if slow and what == names.SPEND:
                sums = [(g, sum(v)) for g, v in over(length)]
                expected.append(stage.records(names.window_sum(what, length), at, sums))
        means = [(g, sum(v) / len(v) * DAY / stage.slow) for g, v in over(ledger.mean_window)]
        expected.append(stage.records(names.per_day(ledger.mean_window), at, means))
        if ledger.item.alerts.anomaly != "off":
            hours = [(g, sum(v) / len(v) * HOUR / stage.slow) for g, v in over(28 * DAY)]
            expected.append(stage.records(names.LEVEL, at, hours))
        tiles = [(g, sum(v)) for g, v in over(stage.slow)]
        number = ((PERIOD, str(stamp(ledger.kind_of_period, at))),) if calendar else ()
        if calendar:
            expected.append(stage.records(names.stamped(stage.slow), at, tiles, number))
        seen: list[tuple[Group, float]] = [({}, at / SECOND)] if tiles else []
        expected.append(stage.records(names.seen(calendar=calendar), at, seen, number))
    series = [stage.series(names.tile(names.SPEND, stage.slow), g, list(v)) for g, v in played]
    return stage.scenario("where reads of tiles end", "tiles", step, PACE, series, records=expected)


def _stamped(stage: Stage, step: int) -> Scenario:
    """Of what there was at first the least value is the newest, so that it is missed where it is not read."""
    ledger = stage.ledger
    calendar = ledger.period.is_calendar
    number = ((PERIOD, str(stamp(ledger.kind_of_period, PACE))),) if calendar else ()
    times = [float(50 * SAMPLES - 10 * i) for i in range(3 * SAMPLES)]
    expected: list[Records] = []
    tiles = [(g, [float(30 * (n + 1) + i) for i in range(3 * SAMPLES)]) for n, (g, _) in enumerate(stage.parts(1.0))]
    longest = ledger.period.longest or ledger.period.length
    for at in (PACE, 2 * PACE):
        inside = stage.inside(longest, step, at)
        since = min(times[i] for i in inside)
        watched = (at / SECOND + stage.slow // SECOND - since) / (DAY / SECOND)
        expected.append(stage.records(names.WATCHED, at, [({}, watched)]))
        if calendar:
            sums = [(g, sum(v[i] for i in inside)) for g, v in tiles]
            expected.append(stage.records(names.period_sum(), at, sums))
    found: dict[str, list[tuple[Group, list[float]]]] = {names.seen(calendar=calendar): [({}, times)]}
    if calendar:
        found[names.stamped(stage.slow)] = tiles
    series = [
        Series(record, stage.labels(group, number), values(list(v)))
        for record, listed in found.items()
        for group, v in listed
    ]
    return stage.scenario("where reads of a period end", "windows", step, PACE, series, records=expected)
