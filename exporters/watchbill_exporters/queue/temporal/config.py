"""A target of kind temporal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.core.errors import InvalidError
from watchbill_exporters.core.fields import Duration, SecretField, TargetSection
from watchbill_exporters.queue.links.packages import need

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.secret import Secret

ADDRESS = re.compile(r"[^\s/@]+:\d{1,5}")


class TemporalSection(TargetSection):
    """The frontend of Temporal."""

    kind: Literal["temporal"]
    address: str = Field("127.0.0.1:7233", description="host:port of the frontend.")
    namespace: str = Field("default", min_length=1)
    task_queues: tuple[str, ...] = Field(min_length=1, description="The task queues; Temporal does not list them.")
    schedules: tuple[str, ...] = Field((), description="Ids of schedules.")
    api_key: SecretField | None = None
    tls: bool = Field(False, description="Always on with an api_key or a ca_file.")
    ca_file: str | None = Field(None, description="Whom to trust, instead of the system's authorities.")
    silent_after: Duration = Field(120.0, description="A poller silent for longer is stalled; a poll lasts 60 s.")


@dataclass(frozen=True)
class TemporalConfig:
    """What a client needs to know."""

    address: str
    namespace: str
    task_queues: tuple[str, ...]
    schedules: tuple[str, ...] = ()
    api_key: Secret | None = None
    tls: bool = False
    authorities: bytes | None = None
    silent_after: float = 120.0


def resolved(section: TemporalSection, resolver: Resolver) -> TemporalConfig:
    need("temporalio", extra="temporal")
    if not ADDRESS.fullmatch(section.address):
        raise InvalidError(("address",), "not host:port", "Such as temporal:7233, without http://.")
    authorities = None
    if section.ca_file is not None:
        try:
            authorities = resolver.path(section.ca_file).read_bytes()
        except OSError as error:
            raise InvalidError(("ca_file",), f"cannot be read: {error.strerror}") from None
    key = resolver.secret(section.api_key, "api_key") if section.api_key is not None else None
    return TemporalConfig(
        section.address,
        section.namespace,
        tuple(dict.fromkeys(section.task_queues)),
        tuple(dict.fromkeys(section.schedules)),
        key,
        section.tls or key is not None or authorities is not None,
        authorities,
        section.silent_after,
    )
