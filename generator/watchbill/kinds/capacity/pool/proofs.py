"""Scenarios of a pool: what is recorded, each condition's limit, and sandboxes that pile up or do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.durations import DAY, HOUR, MINUTE, SECOND
from watchbill.kinds.capacity.missing import missing_proof
from watchbill.kinds.capacity.pool.alerts import RISE, RISE_LEAST, STARTS_RISE, signals
from watchbill.kinds.capacity.pool.rules import FAILED, SHARE_ALERTS
from watchbill.kinds.capacity.proof import Edge, Proof, rate_of
from watchbill.model import Fires, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.pool.rules import PoolBench
    from watchbill.model import Alert, Series

STEP = 37 * SECOND
HALF = HOUR // 2


def scenarios(bench: PoolBench, alerts: tuple[Alert, ...]) -> Iterator[Scenario]:
    """Yield every scenario."""
    named = {alert.name.removeprefix(bench.alert_name("")): alert for alert in alerts}
    proof, item = Proof(bench), bench.item
    yield from _inputs(bench)
    yield from _levels(bench)
    for share in bench.shares:
        yield from share.scenarios(named[SHARE_ALERTS[share.name]])
    yield proof.edge(named["Saturated"], Edge(names.POOL_SATURATION, item.saturation), {})
    yield proof.edge(named["Exhausted"], Edge(names.POOL_SATURATION, 1, equal=True), {})
    if item.longest is not None:
        yield proof.edge(named["TooOld"], Edge(names.POOL_OLDEST, item.longest / SECOND), {})
    yield from _leaks(bench, named["Leak"])
    if "SignalMissing" in named:
        yield from missing_proof(bench, named["SignalMissing"], signals(bench))


def _inputs(bench: PoolBench) -> Iterator[Scenario]:
    """Two targets of two groups; the second one's sandboxes run faster and faster."""
    proof, item = Proof(bench), bench.item
    at = -(-70 * MINUTE // bench.pace) * bench.pace
    while not all((at - back) % STEP for back in (0, HOUR)):
        at += bench.pace
    n = at // STEP + 2
    series: list[Series] = []
    expected: dict[str, list[tuple[dict[str, str], float]]] = {}
    for g, group in enumerate(proof.groups()):
        ran = ([900_000.0 + (70 + g) * i for i in range(n)], [900_000.0 + 30 * i + 2 * i * i for i in range(n)])
        held = {
            "sandboxes": ([11.0 + g] * n, [31.0 + g] * n),
            "capacity": ([50.0 + g] * n, [90.0 + g] * n),
            "running_seconds": ran,
            "oldest_start": ([0.0] * n, [700.0 + g] * n, [0.5] * n),
        }
        parts = {role: proof.exposed(item.of(role), group, *targets) for role, targets in held.items()}
        if not all(parts.values()):
            return
        series += [s for role, part in parts.items() if role != "oldest_start" or item.longest for s in part]
        shown = {role: held[role][: len(part)] for role, part in parts.items()}
        values = {
            names.POOL_IN_USE: sum(t[0] for t in shown["sandboxes"]),
            names.POOL_CAPACITY: sum(t[0] for t in shown["capacity"]),
            names.POOL_MINUTES: 60 * sum(rate_of(t, STEP, at, HOUR) for t in shown["running_seconds"]),
        }
        begun = [t[0] for t in shown["oldest_start"] if t[0]]
        if item.longest is not None and begun:
            values[names.POOL_OLDEST] = at / SECOND - min(begun)
        for record, value in values.items():
            expected.setdefault(record, []).append((group, value))
    if len({(s.name, s.labels) for s in series}) < len(series):
        return
    records = tuple(proof.holds(record, at, found) for record, found in expected.items())
    name = f"{item.name}, input metrics: sums over targets, by group"
    yield Scenario(name, "raw", STEP, bench.pace, tuple(series), records=records)


def _levels(bench: PoolBench) -> Iterator[Scenario]:
    """Saturation, with nothing to fill and one place only; a day's low and its starts."""
    proof, at = Proof(bench), 3 * bench.pace
    group = proof.groups()[0]
    for about, used, fits, full in (
        ("half full", 7.0, 16.0, 7 / 16),
        ("no capacity", 7.0, 0.0, None),
        ("one place", 1.0, 1.0, 1.0),
    ):
        series = proof.recorded(names.POOL_IN_USE, [used] * 4), proof.recorded(names.POOL_CAPACITY, [fits] * 4)
        records = (
            proof.holds(names.POOL_SATURATION, at, [] if full is None else [(group, full)]),
            proof.holds(names.POOL_SATURATION_LIMIT, at, [({}, bench.item.saturation)]),
            proof.info(at),
        )
        yield Scenario(
            f"{bench.item.name}: saturation, {about}", "windows", bench.pace, bench.pace, series, records=records
        )
    low = 4 * HALF
    used_all = [9.0] * 4 + [2.0, 5.0, 5.0] + [8.0] * 49
    started = [float(i % 7 + 1) for i in range(len(used_all))]
    end, step = low + DAY + HALF + HALF // 3, HALF // 3
    inside = range((end - DAY) // HALF + 1, end // HALF + 1)
    spread = (
        [v for value in used_all for v in (value, None, None)],
        [v for value in started for v in (value, None, None)],
    )
    starts = names.share_tile(FAILED, "events", bench.setting.timing.tile)
    yield Scenario(
        f"{bench.item.name}: a day's low, and a day's starts", "windows", step, step,
        (proof.recorded(names.POOL_IN_USE, spread[0]), proof.recorded(starts, spread[1])),
        records=(
            proof.holds(names.POOL_FLOOR, low + DAY - step, [(group, 2.0)]),
            proof.holds(names.POOL_FLOOR, end, [(group, 5.0)]),
            proof.holds(names.POOL_STARTS, end, [(group, sum(started[i] for i in inside))]),
        ),
    )  # fmt: skip


def _leaks(bench: PoolBench, alert: Alert) -> Iterator[Scenario]:
    """A day's low and starts of two days: each condition just holds, just does not, or is just met."""
    proof = Proof(bench)
    step = max(HALF, bench.pace)
    day, held = -(-DAY // step), -(-alert.pending // step) + 1
    for about, before, now, starts, later, leaks in (
        ("a fifth more, hardly more starts", 100.0, RISE * 100 * 1.01, 1000.0, STARTS_RISE * 1000 * 0.99, True),
        ("just a fifth more", 100.0, RISE * 100, 1000.0, 1000.0, False),
        ("hardly a fifth more", 100.0, RISE * 100 * 0.99, 1000.0, 1000.0, False),
        ("just as many starts as may be", 100.0, 200.0, 1024.0, STARTS_RISE * 1024, True),
        ("more starts explain it", 100.0, 200.0, 1000.0, STARTS_RISE * 1000 * 1.01, False),
        ("more by just two", 1.0, 1.0 + RISE_LEAST, 1000.0, 1000.0, False),
        ("more by over two", 1.0, 1.02 + RISE_LEAST, 1000.0, 1000.0, True),
        ("more by less than two", 1.0, 0.98 + RISE_LEAST, 1000.0, 1000.0, False),
    ):
        lows, ran = [before] * (held + 2) + [None] * (day - held - 2), [starts] * (held + 2) + [None] * (day - held - 2)
        series = (
            proof.recorded(names.POOL_FLOOR, [*lows, *[now] * (held + 1), before]),
            proof.recorded(names.POOL_STARTS, [*ran, *[later] * (held + 2)]),
        )
        firing = (proof.firing(alert),) if leaks else ()
        due = day + -(-alert.pending // step)
        looks = ((due - 1, ()), (due, firing), (day + held + 1, ()))
        fires = tuple(Fires(alert.name, n * step, told) for n, told in looks)
        yield Scenario(f"{alert.name}: {about}", "windows", step, step, series, fires=fires)
