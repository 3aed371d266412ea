"""A target of kind rq."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.core.fields import Duration
from watchbill_exporters.queue.links.redis import RedisConfig, RedisSection, redis_config
from watchbill_exporters.queue.naming import QueueNames

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver


class RqSection(RedisSection, QueueNames):
    """The Redis of RQ."""

    kind: Literal["rq"]
    prefix: str = Field("rq", description="As RQ_KEY_PREFIX.")
    ended_limit: int = Field(
        2000,
        ge=0,
        description="With more jobs in a finished or failed registry these are not counted.",
    )
    worker_ttl: Duration = Field(420.0, description="As --worker-ttl: a worker silent for longer is stalled.")


@dataclass(frozen=True)
class RqConfig:
    """What a client needs to know."""

    redis: RedisConfig
    names: QueueNames
    prefix: str = "rq"
    worker_ttl: float = 420.0
    ended_limit: int = 2000

    def key(self, *parts: str) -> str:
        return ":".join((self.prefix, *parts))


def resolved(section: RqSection, resolver: Resolver) -> RqConfig:
    names = QueueNames(queues=section.queues, most_queues=section.most_queues)
    return RqConfig(redis_config(section, resolver), names, section.prefix, section.worker_ttl, section.ended_limit)
