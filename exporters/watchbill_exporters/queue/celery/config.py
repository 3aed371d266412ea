"""A target of kind celery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.core.fields import Duration
from watchbill_exporters.queue.links.redis import RedisConfig, RedisSection, redis_config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill_exporters.core.resolver import Resolver

WORKER_EVENTS = ("worker.online", "worker.heartbeat", "worker.offline")
TASK_EVENTS = ("task.sent", "task.started", "task.succeeded", "task.failed", "task.retried", "task.multi")


class CelerySection(RedisSection):
    """The broker's Redis; names are those of Celery's own settings."""

    kind: Literal["celery"]
    queues: tuple[str, ...] = Field(("celery",), min_length=1, description="The queues; Redis does not list them.")
    priority_steps: tuple[int, ...] = Field(
        (0, 3, 6, 9), min_length=1, description="As in broker_transport_options: each but 0 is a list of its own."
    )
    sep: str = Field("\x06\x16", description="As in broker_transport_options.")
    global_keyprefix: str = Field("", description="As in broker_transport_options.")
    unacked_limit: int = Field(
        5000, ge=0, description="With more messages held by workers they are not read: running and delayed are absent."
    )
    workers: dict[str, tuple[str, ...]] = Field(
        default={}, description="Queues of workers by a pattern of their host name, such as `gpu@*: [gpu]`."
    )
    concurrency: int | None = Field(
        None,
        ge=1,
        description="Slots of each worker (--concurrency), which heartbeats do not tell: for busy and idle ones.",
    )
    heartbeat: Duration = Field(2.0, description="How often workers give a sign of life (--heartbeat-interval).")
    events: bool = Field(False, description="Workers send task events (-E): count and time tasks.")
    event_exchange: str = Field("celeryev", description="As in Celery's settings.")


@dataclass(frozen=True)
class CeleryConfig:
    """What a client needs to know."""

    redis: RedisConfig
    queues: tuple[str, ...] = ("celery",)
    priority_steps: tuple[int, ...] = (0, 3, 6, 9)
    sep: str = "\x06\x16"
    prefix: str = ""
    unacked_limit: int = 5000
    workers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    concurrency: int | None = None
    heartbeat: float = 2.0
    events: bool = False
    event_exchange: str = "celeryev"

    def lists(self, queue: str) -> tuple[str, ...]:
        """Return the lists of a queue: one for each priority."""
        names = (f"{queue}{self.sep}{step}" if step else queue for step in self.priority_steps)
        return tuple(self.prefix + name for name in names)

    @property
    def channels(self) -> tuple[str, ...]:
        """Return where workers speak; by name, because an ACL cannot allow a pattern by another one."""
        kinds = (*WORKER_EVENTS, *TASK_EVENTS) if self.events else WORKER_EVENTS
        return tuple(f"{self.prefix}/{self.redis.database}.{self.event_exchange}/{kind}" for kind in kinds)


def resolved(section: CelerySection, resolver: Resolver) -> CeleryConfig:
    patterns: Mapping[str, tuple[str, ...]] = section.workers
    return CeleryConfig(
        redis_config(section, resolver),
        tuple(dict.fromkeys(section.queues)),
        tuple(dict.fromkeys(section.priority_steps)),
        section.sep,
        section.global_keyprefix,
        section.unacked_limit,
        tuple(patterns.items()),
        section.concurrency,
        section.heartbeat,
        section.events,
        section.event_exchange,
    )
