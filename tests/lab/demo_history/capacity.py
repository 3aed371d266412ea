"""Input metrics of capacities: a queue that is flooded now, pools and stores that fill up, schedules that fire."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from tests.lab.demo_history.series import Stored
from tests.lab.demo_history.story import Floats
from tests.lab.demo_history.times import SCRAPE, Times
from tests.lab.demo_history.words import group_values, variants
from watchbill.kinds.capacity import Queue
from watchbill.kinds.capacity.base import Capacity
from watchbill.kinds.slis.exposition import pinned
from watchbill.promql import Selector
from watchbill.spec import Document

Labels = dict[str, str]
FLOOD = 25 * 60
"""How long the flood of now has lasted, seconds."""


def capacities(document: Document, times: Times) -> Iterator[Stored]:
    """Yield what each item reads, for each of its groups."""
    for n, item in enumerate(document.capacity):
        lists = [[(g.name, v) for v in group_values(g.name, g.values)] for g in item.by]
        for k, group in enumerate(product(*lists)):
            rng = np.random.default_rng(2026 + 10 * n + k)
            yield from _of(item, dict(group), times, rng, worst=k == 0)


def _of(item: Capacity, group: Labels, times: Times, rng: np.random.Generator, *, worst: bool) -> Iterator[Stored]:
    match item:
        case Queue():
            yield from _queue(item, group, times, rng, worst=worst)


def at(times: Times) -> Floats:
    return np.array(times.scrapes(), dtype=float)


def daily(stamps: Floats) -> Floats:
    """Traffic of a day, its mean 1."""
    found: Floats = 1 + 0.25 * np.sin(2 * np.pi * (stamps % 86400) / 86400)
    return found


def stored(selector: Selector, group: Labels, stamps: Floats, values: Floats | list[float | None], **more: str) -> Stored:
    labels = selector.example(fixed=pinned(selector, {**group, **more})) or {**group, **more}
    return Stored(selector.metric, labels, stamps.tolist(), values if isinstance(values, list) else values.tolist())


def split(selector: Selector, group: Labels, stamps: Floats, values: Floats, label: str, shares: dict[str, float]) -> Iterator[Stored]:
    """Divide values among those of a label that the selector leaves open."""
    if selector.on([label]):
        sets = variants(selector, None, pinned(selector, group))
        for i, labels in enumerate(sets):
            share = (1.0 if len(sets) == 1 else 0.9) if i == 0 else 0.1 / (len(sets) - 1)
            yield Stored(selector.metric, labels, stamps.tolist(), np.floor(values * share).tolist())
        return
    for value, share in shares.items():
        yield stored(selector, group, stamps, np.floor(values * share), **{label: value})


def _queue(item: Queue, group: Labels, times: Times, rng: np.random.Generator, *, worst: bool) -> Iterator[Stored]:
    """24 slots, jobs of 30 s; at first two thirds busy, now flooded."""
    t = at(times)
    rate = 0.5 * daily(t) * np.where((t >= times.now - FLOOD) & worst, 2.5, 1.0)
    slots, service = 24.0, 30.0
    came = rng.poisson(rate * SCRAPE).astype(float)
    depth, done = np.zeros(len(t)), np.zeros(len(t))
    waiting = 0.0
    for i, new in enumerate(came):
        ended = min(waiting + new, slots / service * SCRAPE)
        waiting += new - ended
        depth[i], done[i] = np.floor(waiting), ended
    depth += rng.integers(1, 4, len(t))
    busy = np.clip(done / SCRAPE * service, 0, slots)
    yield from split(item.of("ready"), group, t, depth, "state", {"ready": 1.0})
    yield stored(item.of("oldest_ready"), group, t, t - 5 - depth * service / slots)
    yield stored(item.of("oldest_running"), group, t, t - 40 - (t % 300))
    yield stored(item.of("enqueued"), group, t, np.cumsum(came))
    runs = item.of("run_seconds")
    yield stored(runs.named(f"{runs.metric}_count"), group, t, np.floor(np.cumsum(done)))
    yield stored(runs.named(f"{runs.metric}_sum"), group, t, np.cumsum(done) * service)
    slot = item.of("slots")
    yield stored(slot, group, t, np.round(busy), **({} if slot.on(["state"]) else {"state": "busy"}))
    if not slot.on(["state"]):
        yield stored(slot, group, t, slots - np.round(busy), state="idle")
    yield stored(item.of("stalled"), group, t, np.where((t >= times.now - 600) & worst, 1.0, 0.0))
