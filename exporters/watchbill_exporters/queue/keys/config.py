"""A target of kind redis: which key tells what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from watchbill_exporters.core.fields import Section, fault
from watchbill_exporters.queue.links.redis import RedisConfig, RedisSection, redis_config

if TYPE_CHECKING:
    from typing import Self

    from watchbill_exporters.core.resolver import Resolver

TYPES = ("list", "set", "zset", "hash", "stream", "number")
STATES = ("ready", "delayed", "running", "retry", "dead")
TIMES = ("oldest_ready", "oldest_running")
COUNTS = ("enqueued", "finished", "failed", "retried", "workers")
Pick = Literal["all", "due", "future", "lag", "pending"]


class Measure(Section):
    """One key and what to take of it: the number of its members, or as a time its least score or first entry."""

    list: str | None = None
    set: str | None = None
    zset: str | None = Field(None, description="Scores are Unix seconds where `pick` or a time needs them.")
    hash: str | None = None
    stream: str | None = None
    number: str | None = Field(None, description="A string that holds a number.")
    pick: Pick = Field("all", description="Of a zset: due or future; of a stream's group: lag or pending.")
    group: str | None = Field(None, description="The consumer group of a stream.")
    scale: float = Field(1.0, gt=0, description="Scores and numbers times this are seconds: 0.001 for milliseconds.")

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        given = [name for name in TYPES if getattr(self, name) is not None]
        if len(given) != 1:
            raise fault("needs one key", f"Give one of {', '.join(TYPES)}.")
        if self.pick in {"due", "future"} and self.zset is None:
            raise fault(f"only a zset has members that are {self.pick}")
        if (self.pick in {"lag", "pending"}) != (self.group is not None) or (self.group and self.stream is None):
            raise fault("a group goes with a stream, and with pick: lag or pick: pending")
        return self

    @property
    def type(self) -> str:
        return next(name for name in TYPES if getattr(self, name) is not None)

    @property
    def key(self) -> str:
        return str(getattr(self, self.type))


class QueueKeys(Section):
    """One queue."""

    ready: Measure | None = None
    delayed: Measure | None = None
    running: Measure | None = None
    retry: Measure | None = None
    dead: Measure | None = None
    oldest_ready: Measure | None = None
    oldest_running: Measure | None = None
    enqueued: Measure | None = None
    finished: Measure | None = None
    failed: Measure | None = None
    retried: Measure | None = None
    workers: Measure | None = None

    @model_validator(mode="after")
    def _times(self) -> Self:
        for name in TIMES:
            measure = getattr(self, name)
            if measure is not None and measure.type not in {"zset", "stream", "number"}:
                raise fault(f"{name}: a {measure.type} holds no time", "Give a zset, a stream or a number.")
        return self

    def measures(self) -> tuple[tuple[str, Measure], ...]:
        return tuple((name, one) for name in (*STATES, *TIMES, *COUNTS) if (one := getattr(self, name)) is not None)


class KeysSection(RedisSection):
    """Queues by name."""

    kind: Literal["redis"]
    queues: dict[str, QueueKeys] = Field(min_length=1, description="Keys by queue: see the recipe.")


@dataclass(frozen=True)
class Probe:
    """One figure of one queue and the key it comes from."""

    queue: str
    figure: str
    measure: Measure


@dataclass(frozen=True)
class KeysConfig:
    """What a client needs to know."""

    redis: RedisConfig
    probes: tuple[Probe, ...]


def resolved(section: KeysSection, resolver: Resolver) -> KeysConfig:
    probes = (Probe(queue, figure, one) for queue, keys in section.queues.items() for figure, one in keys.measures())
    return KeysConfig(redis_config(section, resolver), tuple(probes))
