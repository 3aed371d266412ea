"""What stands in Redis: lists by priority, and the messages that workers hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from watchbill_exporters.queue.catalogue import State
from watchbill_exporters.queue.celery.message import held, message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redis import Redis

    from watchbill_exporters.queue.celery.config import CeleryConfig

HEADS = 8  # a message with an ETA at the head of a list must not hide those behind it


@dataclass(frozen=True)
class Depth:
    """One queue as it stands in Redis."""

    ready: int = 0
    oldest: float | None = None
    exact: bool | None = None


@dataclass(frozen=True)
class Held:
    """The messages that workers took and have not acknowledged, by queue."""

    jobs: Mapping[str, Mapping[State, int]] = field(default_factory=dict)
    oldest: Mapping[str, float] = field(default_factory=dict)


class FirstSeen:
    """Since when a message is known to wait, for messages that do not say it: one entry for each list."""

    def __init__(self) -> None:
        self._at: dict[str, tuple[str, float]] = {}

    def since(self, key: str, task: str, now: float) -> float:
        known = self._at.get(key)
        if known is None or known[0] != task:
            known = self._at[key] = (task, now)
        return known[1]

    def forget(self, key: str) -> None:
        self._at.pop(key, None)


def depths(client: Redis, config: CeleryConfig, seen: FirstSeen, now: float) -> dict[str, Depth]:
    """Read all lists of all queues in one round trip."""
    pipe = client.pipeline(transaction=False)
    for queue in config.queues:
        for key in config.lists(queue):
            pipe.llen(key)
            pipe.lrange(key, -HEADS, -1)
    replies = iter(pipe.execute())
    out = {}
    for queue in config.queues:
        rows = [(key, next(replies), next(replies)) for key in config.lists(queue)]
        heads = [head for key, _, tail in rows if (head := _head(key, tail, seen, now)) is not None]
        exact = all(known for _, known in heads)
        out[queue] = Depth(sum(row[1] for row in rows), min((at for at, _ in heads), default=None), exact)
    return out


def _head(key: str, tail: Sequence[bytes], seen: FirstSeen, now: float) -> tuple[float, bool] | None:
    """Return since when the oldest message that may run waits and if that is exact; the oldest is at the right end."""
    for raw in reversed(tail):
        found = message(raw)
        if found is None or found.waits(now):
            continue
        if found.enqueued is not None:
            return max(found.enqueued, found.eta or 0.0), True
        return max(seen.since(key, found.id, now), found.eta or 0.0), False
    seen.forget(key)
    return None


def taken(client: Redis, config: CeleryConfig, now: float) -> Held | None:
    """Return what workers hold; None when that is too much to read."""
    unacked, index = config.prefix + "unacked", config.prefix + "unacked_index"
    count: Any = client.hlen(unacked)
    if count > config.unacked_limit:
        return None
    pipe = client.pipeline(transaction=False)
    pipe.hgetall(unacked)
    pipe.zrange(index, 0, -1, withscores=True)
    messages, scores = pipe.execute()
    since = dict(scores)
    jobs: dict[str, Counter[State]] = {queue: Counter() for queue in config.queues}
    oldest: dict[str, float] = {}
    for tag, raw in messages.items():
        found = held(raw)
        if found is None or found.queue not in jobs:
            continue
        waits = found.waits(now)
        jobs[found.queue][State.DELAYED if waits else State.RUNNING] += 1
        if not waits and tag in since:
            oldest[found.queue] = min(oldest.get(found.queue, now), since[tag])
    return Held(jobs, oldest)
