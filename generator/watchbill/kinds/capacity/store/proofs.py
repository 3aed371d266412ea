"""Scenarios of a store: sums, daily highs, trends that exist or do not, and each condition's limit."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.durations import DAY, HOUR, MINUTE, SECOND
from watchbill.kinds.capacity.missing import missing_proof
from watchbill.kinds.capacity.proof import Edge, Proof
from watchbill.kinds.capacity.store.alerts import USUAL, signals
from watchbill.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from watchbill.kinds.capacity.store.rules import StoreBench
    from watchbill.model import Alert, Records, Series

HALF = HOUR // 2
MUCH = 1e12


def scenarios(bench: StoreBench, alerts: tuple[Alert, ...]) -> Iterator[Scenario]:
    """Yield every scenario."""
    named = {alert.name.removeprefix(bench.alert_name("")): alert for alert in alerts}
    yield from _inputs(bench)
    yield _daily(bench)
    yield from _trends(bench)
    yield from _left(bench)
    for what, (base, edges) in _edges(bench).items():
        if what in named:
            for edge in edges:
                yield Proof(bench).edge(named[what], edge, base)
    if "SignalMissing" in named:
        yield from missing_proof(bench, named["SignalMissing"], signals(bench))


def _edges(bench: StoreBench) -> dict[str, tuple[Mapping[str, float | None], tuple[Edge, ...]]]:
    item = bench.item

    def forecast(before: int) -> tuple[Mapping[str, float | None], tuple[Edge, ...]]:
        base: dict[str, float | None] = {
            names.STORE_DAYS_LEFT: 0.5 * before / DAY, names.STORE_FILL: 1.5, bench.usual: MUCH, bench.slope: 10.0,
        }  # fmt: skip
        return base, (
            Edge(names.STORE_DAYS_LEFT, before / DAY, above=False),
            Edge(names.STORE_FILL, item.guard),
            Edge(bench.usual, USUAL * 10),
            Edge(bench.slope, 8 / USUAL, above=False, others=((bench.usual, 8.0),)),
        )

    written = (item.writes.within if item.writes else 0) / SECOND
    return {
        "Filling": forecast(item.warn_before),
        "FullSoon": forecast(item.page_before),
        "NearlyFull": ({}, (Edge(names.STORE_FILL, item.page_above),)),
        "StoppedWriting": ({}, (Edge(names.STORE_WRITE_AGE, written),)),
    }


def _inputs(bench: StoreBench) -> Iterator[Scenario]:
    """Two targets of two groups; one's newest write is 0, as exporters say "never"."""
    proof, item = Proof(bench), bench.item
    at = 2 * bench.pace
    series: list[Series] = []
    n = at // MINUTE + 2
    sizes: list[tuple[dict[str, str], float]] = []
    ages: list[tuple[dict[str, str], float]] = []
    for g, group in enumerate(proof.groups()):
        parts = proof.exposed(item.size, group, [7e9 + g] * n, [11e9 + g] * n)
        series += parts
        sizes.append((group, float(sum(v + g for v in (7e9, 11e9)[: len(parts)]))))
        if item.newest is not None:
            shown = proof.exposed(item.newest, group, [0.5 + g] * n, [0.0] * n, [0.25] * n)
            series += shown
            ages.append((group, at / SECOND - 0.5 - g))
    records = [proof.holds(names.STORE_SIZE, at, sizes)]
    if item.newest is not None:
        records.append(proof.holds(names.STORE_WRITE_AGE, at, ages))
    name = f"{item.name}, input metrics: sums over targets, by group"
    yield Scenario(name, "raw", MINUTE, bench.pace, tuple(series), records=tuple(records))
    if item.newest is not None:
        never = proof.exposed(item.newest, proof.groups()[0], [0.0] * n)
        name = f"{item.name}, input metrics: never written to"
        yield Scenario(name, "raw", MINUTE, bench.pace, never, records=(proof.holds(names.STORE_WRITE_AGE, at, []),))


def _daily(bench: StoreBench) -> Scenario:
    """A high counts for a day; the fill is that of now."""
    proof, limit = Proof(bench), bench.item.limit
    group, count = proof.groups()[0], 56
    sizes = [3e9] * 4 + [90e9, 5e9, 5e9] + [4e9] * (count - 7)
    high = 4 * HALF
    found: list[Records] = [
        proof.holds(names.STORE_MAX, high + DAY - HALF, [(group, 90e9)]),
        proof.holds(names.STORE_MAX, high + DAY + HALF, [(group, 5e9)]),
        proof.holds(names.STORE_FILL, high + HALF, [(group, 5e9 / limit)]),
        proof.holds(names.STORE_LIMIT, high, [({}, limit)]),
        proof.info(high),
    ]
    series = (proof.recorded(names.STORE_SIZE, sizes),)
    return Scenario(f"{bench.item.name}: the highest of a day", "windows", HALF, HALF, series, records=tuple(found))


def _trends(bench: StoreBench) -> Iterator[Scenario]:
    """Highs that grow faster and faster, with a jump; and ones seen for just long enough, and not."""
    proof, days = Proof(bench), bench.item.trend // DAY
    at = (days + 1) * DAY + HALF
    count = at // HALF + 1
    highs: list[float | None] = [
        float(10_000_000_000 + 7_000_000 * i + 400 * i * i + (5_000_000_000 if i > count - 90 else 0))
        for i in range(count)
    ]
    longer = [("of whole days, with a jump", highs)]
    for hours in (bench.enough, bench.enough - 1):
        first = at // HOUR - hours + 1
        longer.append((f"from {hours} hours", [None if i < 2 * first else v for i, v in enumerate(highs)]))
    for about, shown in longer:
        group = proof.groups()[0]
        slope, usual = _fitted(bench, shown, at), _median(bench, shown, at)
        yield Scenario(
            f"{bench.item.name}: growth {about}",
            "windows",
            HALF,
            HALF,
            (proof.recorded(names.STORE_MAX, shown),),
            records=(
                proof.holds(bench.slope, at, [] if slope is None else [(group, slope)]),
                proof.holds(bench.usual, at, [] if usual is None else [(group, usual)]),
            ),
        )


def _fitted(bench: StoreBench, highs: list[float | None], at: int) -> float | None:
    """Return the least-squares slope per day through the hourly values of the trend, if there are enough."""
    whole = range((at - bench.item.trend) // HOUR + 1, at // HOUR + 1)
    points = [(h / 24, v) for h in whole if (v := highs[2 * h]) is not None]
    if len(points) < bench.enough:
        return None
    x, y = zip(*points, strict=True)
    return statistics.linear_regression(x, y).slope


def _median(bench: StoreBench, highs: list[float | None], at: int) -> float | None:
    """Return the median growth of a day, looked at every 6 hours."""
    quarters = range((at - bench.item.trend) // (6 * HOUR) + 1, at // (6 * HOUR) + 1)
    grown = [
        now - before
        for q in quarters
        if q >= 4 and (now := highs[12 * q]) is not None and (before := highs[12 * q - 48]) is not None
    ]
    return statistics.median(grown) if grown else None


def _left(bench: StoreBench) -> Iterator[Scenario]:
    """Days left while it grows; none while it shrinks or stays; 0 once it is over its limit."""
    proof, at = Proof(bench), 3 * bench.pace
    limit, group = bench.item.limit, proof.groups()[0]
    for about, high, slope, left in (
        ("grows", 0.75 * limit, limit / 64, 16.0), ("grows slowly", 0.75 * limit, 0.5, 0.25 * limit / 0.5),
        ("shrinks", 0.75 * limit, -limit / 64, None), ("stays", 0.75 * limit, 0.0, None),
        ("is over its limit", 1.25 * limit, 0.5, 0.0),
    ):  # fmt: skip
        series = (proof.recorded(names.STORE_MAX, [high] * 4), proof.recorded(bench.slope, [slope] * 4))
        records = proof.holds(names.STORE_DAYS_LEFT, at, [] if left is None else [(group, left)])
        yield Scenario(
            f"{bench.item.name}: days left, it {about}", "windows", bench.pace, bench.pace, series, records=(records,)
        )
