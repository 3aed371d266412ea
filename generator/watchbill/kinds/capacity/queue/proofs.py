"""Scenarios of a queue: each recorded series has its value, each condition its limit, and sources come and go."""

from __future__ import annotations

import math
from itertools import count
from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.durations import HOUR, MINUTE, SECOND
from watchbill.kinds.capacity.missing import missing_proof
from watchbill.kinds.capacity.proof import Edge, Proof, rate_of
from watchbill.kinds.capacity.queue.alerts import HIGH, LONG_ALREADY, signals
from watchbill.kinds.capacity.queue.rules import FORECAST
from watchbill.model import Scenario
from watchbill.queueing import safety

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from watchbill.kinds.capacity.queue.rules import QueueBench
    from watchbill.model import Alert, Records, Series

STEPS = (35 * SECOND, 37 * SECOND, 41 * SECOND)
"""Between samples of input metrics: ranges must not begin at a sample, which 2.x takes in and 3.x leaves out."""
MUCH, LITTLE = 1e9, 1e-9


def scenarios(bench: QueueBench, alerts: tuple[Alert, ...]) -> Iterator[Scenario]:
    """Yield every scenario."""
    named = {alert.name.removeprefix(bench.alert_name("")): alert for alert in alerts}
    yield from _inputs(bench)
    yield from _idle(bench)
    yield from _derived(bench)
    yield from _remembered(bench)
    for what, found in _edges(bench).items():
        if what in named:
            base, edges = found
            for edge in edges:
                yield Proof(bench).edge(named[what], edge, base)
    yield from _workers(bench, named["NoWorkers"])
    yield _empty(bench, named["NotDraining"])
    unknown: dict[str, list[float | None]] = {names.QUEUE_UTILISATION: [MUCH] * 40}
    yield Proof(bench).timeline(named["Overloaded"], "says nothing without a number to say", unknown, [False] * 40)
    if "SignalMissing" in named:
        yield from missing_proof(bench, named["SignalMissing"], signals(bench))


def _edges(bench: QueueBench) -> dict[str, tuple[Mapping[str, float | None], tuple[Edge, ...]]]:
    """Return by alert what its series hold, and each condition that may bind."""
    within, drain = bench.item.wait.within / SECOND, bench.item.drain_within / SECOND
    depth, age, can, comes = names.QUEUE_DEPTH, names.QUEUE_OLDEST_READY, names.QUEUE_CAPACITY, bench.arrivals
    late = (max(within, drain) + min(within, drain) * 0.5, within + (drain - within) * 0.5)[drain > within]
    backlog: list[Edge] = [Edge(age, drain, others=((depth, 1.0),))]
    if within < drain:
        backlog = [
            Edge(age, drain, others=((depth, 1.0), (can, 9.0), (comes, 1.0))),
            Edge(age, within),
            Edge(depth, 2 * drain, others=((can, 5.0), (comes, 3.0), (age, late))),
            Edge(depth, 0, others=((can, 3.0), (comes, 5.0), (age, late))),
            Edge(can, 1 + 3600 / drain, above=False, others=((depth, 3600.0), (comes, 1.0), (age, late))),
        ]
    run = (bench.item.run_within or 0) / SECOND
    return {
        "WaitForecast": (
            {names.QUEUE_FORECAST: MUCH, names.QUEUE_WAIT: MUCH},
            (Edge(names.QUEUE_FORECAST, within), Edge(names.QUEUE_WAIT, LONG_ALREADY * within)),
        ),
        "WaitHigh": ({}, (Edge(names.QUEUE_WAIT, HIGH * within),)),
        "Overloaded": ({names.QUEUE_NEEDED: 7.0}, (Edge(names.QUEUE_UTILISATION, 1),)),
        "NotDraining": ({depth: MUCH, age: MUCH, can: 2.0, comes: 1.0}, tuple(backlog)),
        "WorkersStalled": ({}, (Edge(names.QUEUE_STALLED, 0),)),
        "RunningTooLong": ({}, (Edge(names.QUEUE_OLDEST_RUNNING, run),)),
    }


def _workers(bench: QueueBench, alert: Alert) -> Iterator[Scenario]:
    """Jobs wait with workers, without, with a metric that is gone, and none waits."""
    proof = Proof(bench)
    due = -(-alert.pending // bench.pace) + 2
    phases = ((5.0, 3.0), (1.0, 0.0), (0.0, 0.0), (5.0, None), (5.0, 1.0), (None, None))
    samples = {
        names.QUEUE_DEPTH: [d for d, _ in phases for _ in range(due)],
        names.QUEUE_SLOTS: [s for _, s in phases for _ in range(due)],
    }
    active = [bool(d) and not s for d, s in phases for _ in range(due)]
    yield proof.timeline(alert, "fires while jobs wait and no slot is there, or known", samples, active)


def _empty(bench: QueueBench, alert: Alert) -> Scenario:
    """An age that outlives its jobs fires nothing."""
    due = -(-alert.pending // bench.pace) + 3
    series = {names.QUEUE_OLDEST_READY: [MUCH] * due, names.QUEUE_DEPTH: [0.0] * due}
    return Proof(bench).timeline(alert, "an empty queue has no backlog", series, [False] * due)


def _remembered(bench: QueueBench) -> Iterator[Scenario]:
    """The mean service of an idle queue holds for a day, and no longer."""
    proof, step, last = Proof(bench), HOUR // 2, 60
    group = proof.groups()[0]
    service = proof.recorded(bench.service, [20.0, 8.0, 12.0, *[None] * (last - 3)])
    before, after = 2 * step + 23 * HOUR, 2 * step + 24 * HOUR + step
    load, backlog, drain = 25.0, 1e6, bench.item.drain_within / SECOND
    needed = math.ceil(load + safety(bench.item.delay_share) * math.sqrt(load) + backlog * 12 / drain) + 1
    cases: tuple[tuple[str, dict[str, float], dict[str, float]], ...] = (
        (
            "capacity and load",
            {names.QUEUE_SLOTS: 4.0, bench.arrivals: 3.0},
            {names.QUEUE_CAPACITY: 4 / 12, names.QUEUE_LOAD: 36},
        ),
        ("slots needed", {names.QUEUE_LOAD: load, names.QUEUE_DEPTH: backlog}, {names.QUEUE_NEEDED: needed}),
    )
    for about, held, expected in cases:
        found: list[Records] = []
        for record, value in expected.items():
            found += [proof.holds(record, before, [(group, value)]), proof.holds(record, after, [])]
        yield Scenario(
            f"{bench.item.name}: an idle queue remembers for a day how long a job takes, {about}",
            "windows", step, step,
            (service, *(proof.recorded(record, [value] * last) for record, value in held.items())),
            records=tuple(found),
        )  # fmt: skip


def _derived(bench: QueueBench) -> Iterator[Scenario]:
    """Values of all that follows from depth, arrivals, service and slots; and what has none."""
    cases: tuple[tuple[str, dict[str, float]], ...] = (
        ("a flood", {"depth": 60000.0, "comes": 500.0, "service": 40.0, "slots": 12000.0}),
        ("more goes than comes", {"depth": 45000.0, "comes": 200.0, "service": 40.0, "slots": 12000.0}),
        ("hardly any work", {"depth": 3.0, "comes": 1.0, "service": 40.0, "slots": 12000.0}),
        ("no workers", {"depth": 60000.0, "comes": 500.0, "service": 40.0, "slots": 0.0}),
        ("one slot", {"depth": 2.0, "comes": 0.01, "service": 40.0, "slots": 1.0}),
        ("hardly more goes than comes", {"depth": 45000.0, "comes": 299.5, "service": 40.0, "slots": 12000.0}),
        ("as much comes as goes", {"depth": 60000.0, "comes": 300.0, "service": 40.0, "slots": 12000.0}),
    )
    proof = Proof(bench)
    group, at = proof.groups()[0], 4 * bench.pace
    for about, v in cases:
        series = tuple(
            proof.recorded(record, [v[key]] * 6)
            for key, record in (
                ("depth", names.QUEUE_DEPTH), ("comes", bench.arrivals), ("service", bench.service),
                ("slots", names.QUEUE_SLOTS),
            )
        )  # fmt: skip
        expected = _expected(bench, **v)
        records = tuple(
            proof.holds(record, at, [] if value is None else [(group, value)]) for record, value in expected.items()
        )
        name = f"{bench.item.name}: values, {about}"
        limit = proof.holds(names.QUEUE_WAIT_LIMIT, at, [({}, bench.item.wait.within / SECOND)])
        yield Scenario(name, "windows", bench.pace, bench.pace, series, records=(*records, proof.info(at), limit))


def _expected(bench: QueueBench, depth: float, comes: float, service: float, slots: float) -> dict[str, float | None]:
    drain, load = bench.item.drain_within / SECOND, comes * service
    needed = math.ceil(load + safety(bench.item.delay_share) * math.sqrt(load) + depth * service / drain) + 1
    can = slots / service
    served: dict[str, float | None] = dict.fromkeys(
        (names.QUEUE_CAPACITY, names.QUEUE_WAIT, names.QUEUE_FORECAST, names.QUEUE_DRAIN, names.QUEUE_UTILISATION)
    )
    if slots:
        served = {
            names.QUEUE_CAPACITY: can,
            names.QUEUE_WAIT: depth / can,
            names.QUEUE_FORECAST: max(0.0, depth + FORECAST / SECOND * (comes - can)) / can,
            names.QUEUE_DRAIN: depth / (can - comes) if can > comes else None,
            names.QUEUE_UTILISATION: load / slots,
        }
    return {**served, names.QUEUE_LOAD: load, names.QUEUE_NEEDED: float(needed)}


def _inputs(bench: QueueBench) -> Iterator[Scenario]:
    """Two targets of two groups; counters restart, the second target's rate changes, one job waits since 1970."""
    proof, item = Proof(bench), bench.item
    longest = max(item.arrivals_over, bench.served_over)
    step, at = _look(bench, longest)
    n = at // step + 3
    turn = max(2, (at - min(item.arrivals_over, bench.served_over) // 3) // step)
    series: list[Series] = []
    expected: dict[str, list[tuple[dict[str, str], float]]] = {}
    for g, group in enumerate(proof.groups()):
        held, counted = _gauges(g, n), _counters(g, n, turn)
        parts = {role: proof.exposed(item.of(role), group, *held[role]) for role in held}
        runs = item.of("run_seconds")
        counters = {
            "enqueued": item.of("enqueued"),
            "_count": runs.named(f"{runs.metric}_count"),
            "_sum": runs.named(f"{runs.metric}_sum"),
        }
        parts |= {role: proof.exposed(selector, group, *counted[role]) for role, selector in counters.items()}
        if not all(parts.values()):
            return
        series += [s for part in parts.values() for s in part]
        shown = {role: (held | counted)[role][: len(part)] for role, part in parts.items()}
        for record, value in _seen(bench, shown, step, at).items():
            expected.setdefault(record, []).append((group, value))
    unique = {(s.name, s.labels): s for s in series}
    if len(unique) < len(series):
        return
    yield Scenario(
        f"{item.name}, input metrics: sums over targets, by group, across restarts",
        "raw", step, bench.pace, tuple(series),
        records=tuple(proof.holds(record, at, found) for record, found in expected.items()),
    )  # fmt: skip


def _idle(bench: QueueBench) -> Iterator[Scenario]:
    """Jobs come and none ends: there is a rate of completions, 0, and no mean service."""
    proof, runs = Proof(bench), bench.item.of("run_seconds")
    group, at = proof.groups()[0], -(-2 * bench.served_over // bench.pace) * bench.pace
    n = at // STEPS[0] + 2
    parts = [proof.exposed(runs.named(f"{runs.metric}{suffix}"), group, [500.0] * n) for suffix in ("_count", "_sum")]
    if all(parts):
        records = proof.holds(bench.served, at, [(group, 0.0)]), proof.holds(bench.service, at, [])
        name = f"{bench.item.name}, input metrics: no job ends"
        yield Scenario(name, "raw", STEPS[0], bench.pace, tuple(s for p in parts for s in p), records=records)


def _look(bench: QueueBench, longest: int) -> tuple[int, int]:
    """Return a step of samples and an evaluation at which no range begins or ends with a sample."""
    for step in STEPS:
        for k in count(-(-(longest + 10 * MINUTE) // bench.pace)):
            at = k * bench.pace
            if all((at - back) % step for back in (0, bench.item.arrivals_over, bench.served_over)):
                return step, at
            if k * bench.pace > 3 * longest + 10 * bench.pace:
                break
    return STEPS[0], 2 * longest + 10 * bench.pace


def _gauges(g: int, n: int) -> dict[str, tuple[list[float | None], ...]]:
    def two(first: float, second: float) -> tuple[list[float | None], ...]:
        return [first] * n, [second] * n

    return {
        "ready": two(11 + g, 31 + g),
        "oldest_ready": ([0.0] * n, [700.0 + g] * n, [0.5] * n),
        "oldest_running": ([0.0] * n, [600.0 + g] * n, [0.25] * n),
        "slots": two(5 + g, 9 + g),
        "stalled": two(2 + g, 3 + g),
    }


def _counters(g: int, n: int, turn: int) -> dict[str, tuple[list[float | None], ...]]:
    """The first target restarts at `turn`, the second one's rate doubles there."""

    def two(slope: int) -> tuple[list[float | None], ...]:
        first: list[float | None] = [float(900_000 + slope * i if i < turn else slope * (i - turn)) for i in range(n)]
        second: list[float | None] = [float(900_000 + 3 * slope * (i + max(0, i - turn))) for i in range(n)]
        return first, second

    return {"enqueued": two(7 + g), "_count": two(5 + g), "_sum": two(200 + 11 * g)}


def _seen(
    bench: QueueBench, shown: Mapping[str, tuple[list[float | None], ...]], step: int, at: int
) -> dict[str, float]:
    now, item = at / SECOND, bench.item

    def total(role: str) -> float:
        return sum(samples[0] or 0 for samples in shown[role])

    def rate(role: str, window: int) -> float:
        return sum(rate_of(samples, step, at, window) for samples in shown[role])

    def age(role: str) -> dict[str, float]:
        begun = [samples[0] for samples in shown[role] if samples[0]]
        record = names.QUEUE_OLDEST_READY if role == "oldest_ready" else names.QUEUE_OLDEST_RUNNING
        return {record: now - min(begun)} if begun else {}

    served = rate("_count", bench.served_over)
    return {
        names.QUEUE_DEPTH: total("ready"),
        **age("oldest_ready"),
        **age("oldest_running"),
        bench.arrivals: rate("enqueued", item.arrivals_over),
        bench.served: served,
        bench.service: rate("_sum", bench.served_over) / served,
        names.QUEUE_SLOTS: total("slots"),
        names.QUEUE_STALLED: total("stalled"),
    }
