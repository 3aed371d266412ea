"""Scenarios of a queue: each recorded series has its value, each condition its limit, and sources come and go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.durations import HOUR, SECOND
from watchbill.kinds.capacity.missing import missing_proof
from watchbill.kinds.capacity.proof import Edge, Proof
from watchbill.kinds.capacity.queue import inputs_proofs as inputs
from watchbill.kinds.capacity.queue.alerts import HIGH, LONG_ALREADY, signals
from watchbill.kinds.capacity.queue.rules import FORECAST
from watchbill.model import Scenario
from watchbill.queueing import safety

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from watchbill.kinds.capacity.queue.rules import QueueBench
    from watchbill.model import Alert, Records

MUCH, LITTLE = 1e9, 1e-9


def scenarios(bench: QueueBench, alerts: tuple[Alert, ...]) -> Iterator[Scenario]:
    """Yield every scenario."""
    named = {alert.name.removeprefix(bench.alert_name("")): alert for alert in alerts}
    yield from inputs.scenarios(bench)
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
