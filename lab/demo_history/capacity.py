"""Input metrics of capacities: a queue that is flooded now, pools and stores that fill up, schedules that fire."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import numpy as np

from lab.demo_history.series import Stored
from lab.demo_history.times import Floats, Past
from lab.demo_history.words import group_values, variants
from watchbill import cron
from watchbill.conventions import capacity as names
from watchbill.decimals import literal
from watchbill.kinds.capacity import Fanout, Pool, Queue, Store
from watchbill.kinds.capacity.base import Capacity
from watchbill.kinds.slis.exposition import pinned
from watchbill.promql import Selector
from watchbill.spec import Document

Labels = dict[str, str]
FLOOD = 25 * 60
"""How long the flood of now has lasted, seconds."""


@dataclass(frozen=True)
class Scale:
    """How large the platform is: workers' slots, seconds and jobs/s of a queue; places, use and starts/s of a pool."""

    slots: float = 24.0
    job_seconds: float = 30.0
    jobs: float = 0.5
    places: float = 60.0
    used: float = 30.0
    starts: float = 0.5
    filled: float = 0.68
    filled_each_day: float = 1 / 30
    """Shares of a store's limit."""
    misses: bool = True
    """Whether a firing is missed now and then."""


REFERENCE = Scale()


def capacities(document: Document, times: Past, scale: Scale = REFERENCE) -> Iterator[Stored]:
    """Yield what each item reads, for each of its groups."""
    own = (*sorted(document.labels.items()), ("service", document.service))
    for n, item in enumerate(document.capacity):
        lists = [[(g.name, v) for v in group_values(g.name, g.values)] for g in item.kept]
        for k, group in enumerate(product(*lists)):
            rng = np.random.default_rng(2026 + 10 * n + k)
            yield from _of(item, dict(group), times, scale, rng, worst=k == 0)
            if isinstance(item, Store):
                yield _highs(item, {**dict(own), "capacity": item.name, **dict(group)}, times, scale)


def _of(
    item: Capacity, group: Labels, times: Past, scale: Scale, rng: np.random.Generator, *, worst: bool
) -> Iterator[Stored]:
    match item:
        case Queue():
            yield from _queue(item, group, times, scale, rng, worst=worst)
        case Fanout():
            yield from _fanout(item, times, scale)
        case Pool():
            yield from _pool(item, group, times, scale, rng, worst=worst)
        case Store():
            yield from _store(item, group, times, scale)


def at(times: Past) -> Floats:
    return np.array(times.scrapes(), dtype=float)


def daily(stamps: Floats) -> Floats:
    """Traffic of a day, its mean 1."""
    found: Floats = 1 + 0.25 * np.sin(2 * np.pi * (stamps % 86400) / 86400)
    return found


def stored(
    selector: Selector, group: Labels, stamps: Floats, values: Floats | list[float | None], **more: str
) -> Stored:
    labels = selector.example(fixed=pinned(selector, {**group, **more})) or {**group, **more}
    return Stored(selector.metric, labels, stamps.tolist(), values if isinstance(values, list) else values.tolist())


def split(
    selector: Selector, group: Labels, stamps: Floats, values: Floats, label: str, shares: dict[str, float]
) -> Iterator[Stored]:
    """Divide values among those of a label that the selector leaves open."""
    if selector.on([label]):
        sets = variants(selector, None, pinned(selector, group))
        for i, labels in enumerate(sets):
            share = (1.0 if len(sets) == 1 else 0.9) if i == 0 else 0.1 / (len(sets) - 1)
            yield Stored(selector.metric, labels, stamps.tolist(), np.floor(values * share).tolist())
        return
    for value, share in shares.items():
        yield stored(selector, group, stamps, np.floor(values * share), **{label: value})


def _queue(
    item: Queue, group: Labels, times: Past, scale: Scale, rng: np.random.Generator, *, worst: bool
) -> Iterator[Stored]:
    """At first two thirds of the slots are busy, now it is flooded."""
    t = at(times)
    gaps = times.gaps()
    rate = scale.jobs * daily(t) * np.where((t >= times.trouble - FLOOD) & worst, 2.5, 1.0)
    slots, service = scale.slots, scale.job_seconds
    came = rng.poisson(rate * gaps).astype(float)
    depth, done = np.zeros(len(t)), np.zeros(len(t))
    waiting = 0.0
    for i, new in enumerate(came):
        ended = min(waiting + new, slots / service * gaps[i])
        waiting += new - ended
        depth[i], done[i] = np.floor(waiting), ended
    depth += rng.integers(1, 4, len(t))
    busy = np.clip(done / gaps * service, 0, slots)
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
    yield stored(item.of("stalled"), group, t, np.where((t >= times.trouble - 600) & worst, 1.0, 0.0))


def _fanout(item: Fanout, times: Past, scale: Scale) -> Iterator[Stored]:
    """Each schedule fires when its expression says; one firing is missed now and then."""
    t = at(times)
    begin = datetime.fromtimestamp(times.begin, UTC).date() - timedelta(days=2)
    days = int(t[-1] - times.begin) // 86400 + 6
    for n, (one, fires) in enumerate(item.read):
        due = np.array(
            [f / 1000 for d in range(days) for f in cron.firings(one, begin + timedelta(days=d), item.clock)]
        )
        name = fires.schedule or f"schedule-{n + 1}"
        place = np.clip(np.searchsorted(due, t, side="right"), 1, len(due) - 1)
        yield stored(item.of("last_fired"), {}, t, due[place - 1], schedule=name)
        yield stored(item.of("next_due"), {}, t, due[place], schedule=name)
        yield stored(item.of("missed"), {}, t, np.floor((t - t[0]) / 40_000) * (n == 0 and scale.misses), schedule=name)
        fired = place - place[0]
        for part, values in (("count", fired), ("sum", fired * fires.jobs)):
            selector = item.of("last_fired").named(f"queue_schedule_fanout_jobs_{part}")
            yield stored(selector, {}, t, values.astype(float), schedule=name)


def _pool(
    item: Pool, group: Labels, times: Past, scale: Scale, rng: np.random.Generator, *, worst: bool
) -> Iterator[Stored]:
    """Nearly all are taken now, and starts got slow and fail."""
    t = at(times)
    busy = (t >= times.trouble - FLOOD) & worst
    used = np.round(scale.used * daily(t) + np.where(busy, 0.4 * scale.places, 0) + rng.integers(0, 3, len(t)))
    started = rng.poisson(np.where(busy, 2.4, 1.0) * scale.starts * times.gaps()).astype(float)
    failed = rng.binomial(started.astype(int), np.where(busy, 0.2, 0.002)).astype(float)
    slow = rng.binomial(started.astype(int), np.where(busy, 0.3, 0.003)).astype(float)
    killed = rng.binomial(started.astype(int), 0.004).astype(float)
    states = item.of("sandboxes")
    yield from split(states, group, t, used, "state", {"running": 1.0})
    yield stored(item.of("capacity"), group, t, np.full(len(t), scale.places))
    yield stored(item.of("starts"), group, t, np.cumsum(started))
    yield stored(item.of("start_failures"), group, t, np.cumsum(failed), reason="image_pull")
    yield stored(item.of("exits"), group, t, np.cumsum(started - killed), reason="completed")
    yield stored(item.of("exits"), group, t, np.cumsum(killed), reason="oom")
    yield stored(item.of("oom_kills"), group, t, np.cumsum(killed))
    yield stored(item.of("running_seconds"), group, t, np.cumsum(used * times.gaps()))
    if item.longest is not None:
        yield stored(item.of("oldest_start"), group, t, t - 0.7 * item.longest / 1000)
    if item.start is None:
        return
    bound, histogram = item.start.within / 1000, item.of("histogram")
    buckets = histogram.named(f"{histogram.metric}_bucket")
    for share, le in ((0.2, bound / 5), (0.6, bound / 2), (1.0, bound)):
        fast = np.floor(np.cumsum(started - slow) * share)
        yield stored(buckets, group, t, fast, le=literal(le), launch="warm")
    yield stored(buckets, group, t, np.cumsum(started), le="+Inf", launch="warm")
    yield stored(histogram.named(f"{histogram.metric}_count"), group, t, np.cumsum(started), launch="warm")


def _store(item: Store, group: Labels, times: Past, scale: Scale) -> Iterator[Stored]:
    """It grows day by day, and falls a little each night."""
    t = at(times)
    size = _level(item, t, times, scale) * (1 - 0.03 * (t % 86400 > 20_000))
    yield from split(item.size, group, t, size, "table", {"checkpoints": 0.7, "writes": 0.3})
    if item.newest is not None:
        yield stored(item.newest, group, t, t - (t % 90))


def _level(item: Store, stamps: Floats, times: Past, scale: Scale) -> Floats:
    found: Floats = item.limit * (scale.filled + (stamps - times.now) / 86400 * scale.filled_each_day)
    return found


def _highs(item: Store, labels: Labels, times: Past, scale: Scale) -> Stored:
    """The daily highs of the weeks before the demo began: a trend needs more days than it has."""
    stamps = np.arange(times.derived - (item.trend // 1000 + 2 * 86400), times.derived, 300, dtype=float)
    return Stored(names.STORE_MAX, labels, stamps.tolist(), _level(item, stamps, times, scale).tolist())
