"""A target of kind dramatiq."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.core.fields import Duration
from watchbill_exporters.queue.links.redis import RedisConfig, RedisSection, redis_config

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver


class DramatiqSection(RedisSection):
    """The broker's Redis."""

    kind: Literal["dramatiq"]
    queues: tuple[str, ...] = Field(("default",), min_length=1, description="The queues; Redis does not list them.")
    namespace: str = Field("dramatiq", min_length=1, description="As in RedisBroker.")
    heartbeat_timeout: Duration = Field(60.0, description="As in RedisBroker: who is silent for longer is dead.")


@dataclass(frozen=True)
class DramatiqConfig:
    """What a client needs to know."""

    redis: RedisConfig
    queues: tuple[str, ...] = ("default",)
    namespace: str = "dramatiq"
    heartbeat_timeout: float = 60.0

    def key(self, name: str) -> str:
        return f"{self.namespace}:{name}"

    def acks(self, broker: str, queue: str) -> str:
        return self.key(f"__acks__.{broker}.{queue}")


def resolved(section: DramatiqSection, resolver: Resolver) -> DramatiqConfig:
    queues = tuple(dict.fromkeys(section.queues))
    return DramatiqConfig(redis_config(section, resolver), queues, section.namespace, section.heartbeat_timeout)
