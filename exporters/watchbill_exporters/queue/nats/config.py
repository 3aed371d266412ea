"""A target of kind nats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.queue.links.http import HttpConfig, HttpSection, http_config
from watchbill_exporters.queue.naming import QueueNames

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver


class NatsSection(HttpSection, QueueNames):
    """The monitoring address of a server (http_port)."""

    kind: Literal["nats"]
    account: str | None = Field(None, description="Only the streams of this account.")


@dataclass(frozen=True)
class NatsConfig:
    """What a client needs to know."""

    http: HttpConfig
    names: QueueNames
    account: str | None = None


def resolved(section: NatsSection, resolver: Resolver) -> NatsConfig:
    names = QueueNames(queues=section.queues, most_queues=section.most_queues)
    return NatsConfig(http_config(section, resolver), names, section.account)
