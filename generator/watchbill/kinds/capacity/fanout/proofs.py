"""Scenarios of schedules that fan out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.durations import DAY, HOUR, MINUTE, SECOND
from watchbill.kinds.capacity.fanout.alerts import signals, silences
from watchbill.kinds.capacity.missing import missing_proof
from watchbill.kinds.capacity.proof import Edge, Proof, rate_of
from watchbill.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.fanout.rules import FanoutBench
    from watchbill.model import Alert, Records, Series

STEP, SPARSE, HALF = 37 * SECOND, 457 * SECOND, HOUR // 2
SLOTS = 16.0


def scenarios(bench: FanoutBench, alerts: tuple[Alert, ...]) -> Iterator[Scenario]:
    """Yield every scenario."""
    named = {alert.name.removeprefix(bench.alert_name("")): alert for alert in alerts}
    yield from _inputs(bench)
    yield from _run_times(bench)
    if "PeakAhead" in named:
        yield from _due(bench)
        yield from _ahead(bench, named["PeakAhead"])
    yield from _needs(bench)
    yield from _slots(bench, named["TooFewSlots"])
    proof = Proof(bench)
    for name, limit in silences(bench).items():
        group = {"schedule": name or "any"}
        for edge in (Edge(names.FAN_MISSED, 0), Edge(names.FAN_AGE, limit / SECOND)):
            yield proof.edge(named["MissedFiring"], edge, {}, group=group)
    if "SignalMissing" in named:
        yield from missing_proof(bench, named["SignalMissing"], signals(bench))


def _service(bench: FanoutBench) -> tuple[float, dict[str, float]]:
    """Return a run time, seconds, and the series that make it so."""
    given = bench.item.run_time
    return (given / SECOND, {}) if given is not None else (30.0, {names.FAN_SERVICE: 30.0})


def _inputs(bench: FanoutBench) -> Iterator[Scenario]:
    """Two targets, two schedules, one that never fired; a counter of missed firings restarts."""
    proof, item = Proof(bench), bench.item
    at = -(-70 * MINUTE // bench.pace) * bench.pace
    while not all((at - back) % STEP for back in (0, HOUR)):
        at += bench.pace
    n = at // STEP + 2
    first, second = [*(f.schedule for _, f in item.named), "one", "two"][:2]
    second = second if second != first else "two"
    slots = proof.exposed(item.of("slots"), {}, [5.0] * n, [9.0] * n)
    series: list[Series] = [*slots]
    ages, missed = [], []
    for schedule, fired, slope in ((first, 0.5, 7), (second, 700.0, 3), ("never", 0.0, 0)):
        group = {"schedule": schedule}
        shown = proof.exposed(item.of("last_fired"), group, [fired] * n, [fired / 2] * n)
        turn = (at - HOUR // 3) // STEP
        counters = (
            [900_000.0 + slope * i if i < turn else float(slope * (i - turn)) for i in range(n)],
            [900_000.0 + 2 * slope * i for i in range(n)],
        )
        counted = proof.exposed(item.of("missed"), group, *counters)
        if not shown or not counted:
            return
        series += (*shown, *counted)
        if fired:
            ages.append((group, at / SECOND - fired))
        lost = sum(rate_of(c, STEP, at, HOUR) for c in counters[: len(counted)]) * HOUR / SECOND
        missed.append((group, lost))
    if len({(s.name, s.labels) for s in series}) < len(series) or len({a["schedule"] for a, _ in missed}) < 3:
        return
    records = (
        proof.holds(names.FAN_SLOTS, at, [({}, (5.0, 14.0)[len(slots) - 1])] if slots else []),
        proof.holds(names.FAN_AGE, at, ages),
        proof.holds(names.FAN_MISSED, at, missed),
    )
    yield Scenario(
        f"{item.name}, input metrics: slots and firings", "raw", STEP, bench.pace, tuple(series), records=records
    )


def _run_times(bench: FanoutBench) -> Iterator[Scenario]:
    """Run times of a day, over two targets of which one changes; and of a day without a job."""
    item, proof = bench.item, Proof(bench)
    if item.run_time is not None:
        return
    at, runs = 26 * HOUR, item.of("run_seconds")
    n = at // SPARSE + 2
    for about, slope in (("change", 1), ("are none: no job ends", 0)):
        counts = [900_000.0 + 5 * slope * i for i in range(n)], [900_000.0 + slope * (3 * i + i * i) for i in range(n)]
        sums = (
            [900_000.0 + 200 * slope * i for i in range(n)],
            [900_000.0 + slope * (90 * i + 70 * i * i) for i in range(n)],
        )
        parts = {
            e: proof.exposed(runs.named(f"{runs.metric}{e}"), {}, *v) for e, v in (("_count", counts), ("_sum", sums))
        }
        if not all(parts.values()):
            return
        shown = len(parts["_count"])
        ended, took = (sum(rate_of(v, SPARSE, at, DAY) for v in two[:shown]) for two in (counts, sums))
        record = proof.holds(names.FAN_SERVICE, at, [({}, took / ended)] if ended else [])
        name = f"{item.name}, input metrics: run times that {about}"
        yield Scenario(name, "raw", SPARSE, HALF, tuple(s for p in parts.values() for s in p), records=(record,))


def _due(bench: FanoutBench) -> Iterator[Scenario]:
    """Each schedule in turn is due: not yet, soon, now, and no more."""
    item, proof, pace = bench.item, Proof(bench), bench.pace
    wait = -(-item.ahead // pace) + 2
    bursts = bench.bursts()
    due = {name: (wait + k * (wait // 2 + 1)) * pace + item.ahead for k, name in enumerate(bursts)}
    n = (max(due.values()) + 3 * pace) // MINUTE + 2
    series: list[Series] = []
    for name, at in due.items():
        shown = proof.exposed(item.of("next_due"), {"schedule": name}, [at / SECOND] * n, [at / SECOND - 7] * n)
        if not shown:
            return
        series += shown
    looks = sorted({-(-at // pace) * pace + k * pace for at in due.values() for k in (-wait, -1, 0, 1)})
    looks = sorted(
        {*looks, *(at - item.ahead for at in due.values()), *(at - item.ahead + pace for at in due.values())}
    )
    records = tuple(
        proof.holds(
            names.FAN_DUE, t, [({}, sum(jobs for name, jobs in bursts.items() if 0 <= due[name] - t < item.ahead))]
        )
        for t in looks
        if t > 0
    )
    yield Scenario(f"{item.name}, input metrics: what is due", "raw", MINUTE, pace, tuple(series), records=records)


def _ahead(bench: FanoutBench, alert: Alert) -> Iterator[Scenario]:
    proof, pace = Proof(bench), bench.pace
    yield proof.edge(alert, Edge(names.FAN_DRAIN, bench.item.drain_within / SECOND), {})
    service, held = _service(bench)
    for about, slots in (("no slot to reckon with", 0.0), ("one slot", 1.0)):
        known = {names.FAN_DUE: 70.0, names.FAN_SLOTS: slots, **held}
        series = tuple(proof.recorded(record, [value] * 4) for record, value in known.items())
        found: list[tuple[dict[str, str], float]] = [({}, 70 * service)] if slots else []
        records = (proof.holds(names.FAN_DRAIN, 3 * pace, found),)
        yield Scenario(f"{bench.item.name}: how long it takes, {about}", "windows", pace, pace, series, records=records)


def _needs(bench: FanoutBench) -> Iterator[Scenario]:
    """What the peak needs, by the run time as it last was, for eight days."""
    item, proof, step = bench.item, Proof(bench), 6 * HOUR
    drain, peak = item.drain_within / SECOND, item.peak[0]
    always = (proof.holds(names.FAN_PEAK, step, [({}, peak)]), proof.info(step))
    if item.run_time is not None:
        needed = float(math.ceil(peak * (item.run_time / SECOND) / drain))
        known = (*always, proof.holds(names.FAN_NEEDED, step, [({}, needed)]))
        yield Scenario(f"{item.name}: slots needed", "windows", step, step, (), records=known)
        return
    long = 1000 * drain / peak
    held = [long * n for n in (20, 30, 9, 3, 7)]
    last = step * (len(held) - 1)
    series = [proof.recorded(names.FAN_SERVICE, [*held, *[None] * 40])]
    seen, gone = last + 8 * DAY - 3 * step, last + 8 * DAY + step
    records: tuple[Records, ...] = (
        *always,
        proof.holds(names.FAN_NEEDED, seen, [({}, float(math.ceil(peak * held[-1] / drain)))]),
        proof.holds(names.FAN_NEEDED, gone, []),
    )
    if item.named:
        series += [proof.recorded(names.FAN_DUE, [70.0] * 45), proof.recorded(names.FAN_SLOTS, [SLOTS] * 45)]
        took = proof.holds(names.FAN_DRAIN, seen, [({}, 70 * held[-1] / SLOTS)])
        records = (*records, took, proof.holds(names.FAN_DRAIN, gone, []))
    name = f"{item.name}: slots needed, by the run time as it last was"
    yield Scenario(name, "windows", step, step, tuple(series), records=records)


def _slots(bench: FanoutBench, alert: Alert) -> Iterator[Scenario]:
    service, held = _service(bench)
    needed = math.ceil(bench.item.peak[0] * service / (bench.item.drain_within / SECOND))
    yield Proof(bench).edge(alert, Edge(names.FAN_SLOTS, float(needed), above=False), held)
