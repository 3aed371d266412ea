"""What RQ keeps in Redis (2.6, 2.12 and 3.0 were read), in four round trips at most, whatever the number of queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill_exporters.queue.links.batch import Batch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redis import Redis

    from watchbill_exporters.queue.rq.config import RqConfig

HEADS = 3  # the hash of a job at the head may have expired
ENDED = ("finished", "failed")
Members = frozenset[tuple[bytes, float]]
MOST_RUNNING = 1000  # jobs of one queue whose start is looked up
REGISTRIES = ("wip", "failed", "deferred", "scheduled")


@dataclass(frozen=True)
class Rows:
    """Replies of Redis for one queue."""

    name: str
    ready: int
    wip: int
    failed: int
    deferred: int
    scheduled: int
    heads: tuple[bytes, ...]
    running: tuple[bytes, ...]
    workers: frozenset[bytes]
    ended: Mapping[str, Members | None]


@dataclass(frozen=True)
class Layout:
    """All that was read. Times are as RQ writes them."""

    queues: tuple[Rows, ...]
    workers: dict[bytes, tuple[bytes | None, bytes | None]]
    enqueued: dict[bytes, bytes | None]
    started: dict[bytes, bytes | None]
    crons: tuple[bytes, ...]


def times(client: Redis, config: RqConfig, jobs: Sequence[bytes]) -> list[tuple[bytes | None, ...]]:
    """Return when jobs were put in, started and ended."""
    batch = Batch(client)
    for job in jobs:
        batch.add("HMGET", _job(config, job), "enqueued_at", "started_at", "ended_at")
    return [tuple(row) for row in batch.run()]


def layout(client: Redis, config: RqConfig) -> Layout:
    batch = Batch(client)
    batch.add("SMEMBERS", config.key("queues"))
    batch.add("SMEMBERS", config.key("workers"))
    batch.add("ZRANGE", config.key("cron_schedulers"), 0, -1)
    queues, workers, schedulers = batch.run()
    names = sorted(name.decode(errors="replace").removeprefix(config.key("queue", "")) for name in queues)
    known = sorted(workers)
    for name in names:
        _ask(batch, config, name)
    for worker in known:
        batch.add("HMGET", worker, "last_heartbeat", "state")
    for scheduler in schedulers:
        batch.add("HGET", config.key("cron_scheduler", scheduler.decode()), "cron_jobs")
    replies = iter(batch.run())
    rows = tuple(_rows(name, [next(replies) for _ in range(10)], config.ended_limit) for name in names)
    beats = {worker: tuple(next(replies)) for worker in known}
    crons = tuple(text for _ in schedulers if (text := next(replies)) is not None)
    heads = list(dict.fromkeys(job for row in rows for job in row.heads))
    running = list(dict.fromkeys(job for row in rows for job in row.running))
    for job, field in [*((job, "enqueued_at") for job in heads), *((job, "started_at") for job in running)]:
        batch.add("HGET", _job(config, job), field)
    at = batch.run()
    started = dict(zip(running, at[len(heads) :], strict=True))
    return Layout(rows, beats, dict(zip(heads, at[: len(heads)], strict=True)), started, crons)


def _job(config: RqConfig, job: bytes) -> str:
    return config.key("job", job.decode(errors="surrogateescape"))


def _ask(batch: Batch, config: RqConfig, name: str) -> None:
    batch.add("LLEN", config.key("queue", name))
    batch.add("LRANGE", config.key("queue", name), 0, HEADS - 1)
    for registry in REGISTRIES:
        batch.add("ZCARD", config.key(registry, name))
    batch.add("ZRANGE", config.key("wip", name), 0, MOST_RUNNING)
    batch.add("SMEMBERS", config.key("workers", name))
    for registry in ENDED:
        batch.add("ZRANGE", config.key(registry, name), 0, config.ended_limit, "WITHSCORES")


def _rows(name: str, replies: Sequence[Any], limit: int) -> Rows:
    ready, heads, wip, failed, deferred, scheduled, running, workers, *ended = replies
    jobs = () if len(running) > MOST_RUNNING else tuple(entry.split(b":", 1)[0] for entry in running)
    known = (_members(flat) if len(flat) <= 2 * limit else None for flat in ended)
    return Rows(
        name,
        ready,
        wip,
        failed,
        deferred,
        scheduled,
        tuple(heads),
        jobs,
        frozenset(workers),
        dict(zip(ENDED, known, strict=True)),
    )


def _members(flat: Sequence[bytes]) -> Members:
    """Return members with their scores, which take turns in the reply."""
    return frozenset(zip(flat[::2], map(float, flat[1::2]), strict=True))
