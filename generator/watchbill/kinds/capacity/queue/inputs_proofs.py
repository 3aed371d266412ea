"""Scenarios of what a queue reads: targets, groups, restarts, and jobs that do not end."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.durations import MINUTE, SECOND
from watchbill.kinds.capacity.proof import Proof, rate_of
from watchbill.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from watchbill.kinds.capacity.queue.rules import QueueBench
    from watchbill.model import Series

STEPS = (35 * SECOND, 37 * SECOND, 41 * SECOND)
"""Between samples of input metrics: ranges must not begin at a sample, which 2.x takes in and 3.x leaves out."""


def scenarios(bench: QueueBench) -> Iterator[Scenario]:
    """Yield the scenarios that start at input metrics."""
    yield from _inputs(bench)
    yield from _idle(bench)


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
