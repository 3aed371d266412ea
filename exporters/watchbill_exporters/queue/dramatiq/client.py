"""Two round trips: lists and brokers, then what each broker holds and the messages at the heads.

Whoever enqueues gives a sign of life as workers do, so the number of workers is unknown; but who is silent for too long
and still holds messages is a worker that is dead.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.clock import Clock
from watchbill_exporters.queue.catalogue import State
from watchbill_exporters.queue.links.redis import connected
from watchbill_exporters.queue.snapshot import Queue, Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redis import Redis

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.dramatiq.config import DramatiqConfig

HEADS = 3
MOST_BROKERS = 1000


@dataclass(frozen=True)
class Lists:
    """Replies for one queue."""

    ready: int
    heads: tuple[bytes, ...]
    delayed: int
    dead: int


@dataclass(frozen=True)
class Held:
    """How many messages brokers hold of one queue and of its delayed ones, and how many silent ones hold some."""

    running: int
    delayed: int
    stalled: int


class DramatiqClient:
    """One broker."""

    def __init__(self, config: DramatiqConfig, clock: Clock | None = None) -> None:
        self._config, self._clock = config, clock or Clock()

    def read(self, deadline: Deadline) -> Snapshot:
        now = self._clock.now()
        with connected(self._config.redis, deadline.left()) as client:
            brokers, lists = self._lists(client)
            held = self._held(client, brokers, now)
            times = self._times(client, lists)
        queues = (_queue(name, lists[name], held.get(name), times[name], now) for name in self._config.queues)
        return Snapshot(tuple(queues))

    def close(self) -> None:
        """Nothing is kept open."""

    def _lists(self, client: Redis) -> tuple[dict[str, float], dict[str, Lists]]:
        pipe = client.pipeline(transaction=False)
        pipe.zrange(self._config.key("__heartbeats__"), 0, MOST_BROKERS, withscores=True)
        for name in self._config.queues:
            pipe.llen(self._config.key(name))
            pipe.lrange(self._config.key(name), 0, HEADS - 1)
            pipe.llen(self._config.key(f"{name}.DQ"))
            pipe.zcard(self._config.key(f"{name}.XQ"))
        brokers, *replies = pipe.execute()
        rows = iter(replies)
        lists = {q: Lists(next(rows), tuple(next(rows)), next(rows), next(rows)) for q in self._config.queues}
        return {broker.decode(): beat / 1000 for broker, beat in brokers}, lists

    def _held(self, client: Redis, brokers: Mapping[str, float], now: float) -> dict[str, Held]:
        """Return what brokers hold, or nothing when there are too many to ask of each."""
        if len(brokers) > MOST_BROKERS:
            return {}
        pipe = client.pipeline(transaction=False)
        for name in self._config.queues:
            for broker in brokers:
                pipe.scard(self._config.acks(broker, name))
                pipe.scard(self._config.acks(broker, f"{name}.DQ"))
        replies = pipe.execute() if brokers else []
        silent = [now - beat > self._config.heartbeat_timeout for beat in brokers.values()]
        out, width = {}, 2 * len(brokers)
        for place, name in enumerate(self._config.queues):
            mine: Sequence[int] = replies[place * width : (place + 1) * width]
            running, delayed = mine[0::2], mine[1::2]
            dead = sum(gone and a + b > 0 for gone, a, b in zip(silent, running, delayed, strict=True))
            out[name] = Held(sum(running), sum(delayed), dead)
        return out

    def _times(self, client: Redis, lists: Mapping[str, Lists]) -> dict[str, list[float]]:
        asked = [(name, message) for name, rows in lists.items() for message in rows.heads]
        pipe = client.pipeline(transaction=False)
        for name, message in asked:
            pipe.hget(self._config.key(f"{name}.msgs"), message)
        out: dict[str, list[float]] = {name: [] for name in lists}
        for (name, _), raw in zip(asked, pipe.execute() if asked else [], strict=True):
            if (at := eligible(raw)) is not None:
                out[name].append(at)
        return out


def _queue(name: str, lists: Lists, held: Held | None, times: Sequence[float], now: float) -> Queue:
    jobs = {State.READY: lists.ready, State.DEAD: lists.dead}
    if held is not None:
        jobs |= {State.DELAYED: lists.delayed + held.delayed, State.RUNNING: held.running}
    oldest = min((at for at in times if at <= now), default=None)
    return Queue(
        name,
        jobs=jobs,
        oldest_ready=oldest,
        age_exact=None if oldest is None else True,
        stalled=held.stalled if held is not None else None,
    )


def eligible(raw: bytes | None) -> float | None:
    """Return since when a message may run; None for one that has gone, or of another encoder than JSON."""
    try:
        found: Any = json.loads(raw or b"")
        return float(max(found["message_timestamp"], found["options"].get("eta") or 0)) / 1000
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
