"""What RQ keeps in Redis (2.6, 2.12 and 3.0 were read), in four round trips at most, whatever the number of queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    pipe = client.pipeline(transaction=False)
    for job in jobs:
        key = config.key("job", job.decode(errors="surrogateescape"))
        pipe.hmget(key, "enqueued_at", "started_at", "ended_at")
    return [tuple(row) for row in pipe.execute()] if jobs else []


def layout(client: Redis, config: RqConfig) -> Layout:
    pipe = client.pipeline(transaction=False)
    pipe.smembers(config.key("queues"))
    pipe.smembers(config.key("workers"))
    pipe.zrange(config.key("cron_schedulers"), 0, -1)
    queues, workers, schedulers = pipe.execute()
    names = sorted(name.decode(errors="replace").removeprefix(config.key("queue", "")) for name in queues)
    known = sorted(workers)
    for name in names:
        _ask(pipe, config, name)
    for worker in known:
        pipe.hmget(worker, "last_heartbeat", "state")
    for scheduler in schedulers:
        pipe.hget(config.key("cron_scheduler", scheduler.decode()), "cron_jobs")
    replies = iter(pipe.execute())
    rows = tuple(_rows(name, [next(replies) for _ in range(10)], config.ended_limit) for name in names)
    beats = {worker: tuple(next(replies)) for worker in known}
    crons = tuple(text for _ in schedulers if (text := next(replies)) is not None)
    heads = list(dict.fromkeys(job for row in rows for job in row.heads))
    running = list(dict.fromkeys(job for row in rows for job in row.running))
    for job, field in [*((job, "enqueued_at") for job in heads), *((job, "started_at") for job in running)]:
        pipe.hget(config.key("job", job.decode(errors="surrogateescape")), field)
    at = pipe.execute() if heads or running else []
    started = dict(zip(running, at[len(heads) :], strict=True))
    return Layout(rows, beats, dict(zip(heads, at[: len(heads)], strict=True)), started, crons)


def _ask(pipe: Any, config: RqConfig, name: str) -> None:
    pipe.llen(config.key("queue", name))
    pipe.lrange(config.key("queue", name), 0, HEADS - 1)
    for registry in REGISTRIES:
        pipe.zcard(config.key(registry, name))
    pipe.zrange(config.key("wip", name), 0, MOST_RUNNING)
    pipe.smembers(config.key("workers", name))
    for registry in ENDED:
        pipe.zrange(config.key(registry, name), 0, config.ended_limit, withscores=True)


def _rows(name: str, replies: Sequence[Any], limit: int) -> Rows:
    ready, heads, wip, failed, deferred, scheduled, running, workers, *ended = replies
    jobs = () if len(running) > MOST_RUNNING else tuple(entry.split(b":", 1)[0] for entry in running)
    known = (frozenset(members) if len(members) <= limit else None for members in ended)
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
