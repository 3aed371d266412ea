"""A target of kind rabbitmq."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.queue.links.http import HttpConfig, HttpSection, http_config
from watchbill_exporters.queue.naming import QueueNames

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver


class RabbitSection(HttpSection, QueueNames):
    """The management plugin's address; the user needs the tag `monitoring` and may see the virtual host."""

    kind: Literal["rabbitmq"]
    vhost: str = Field("/", min_length=1)


@dataclass(frozen=True)
class RabbitConfig:
    """What a client needs to know."""

    http: HttpConfig
    names: QueueNames
    vhost: str = "/"


def resolved(section: RabbitSection, resolver: Resolver) -> RabbitConfig:
    names = QueueNames(queues=section.queues, most_queues=section.most_queues)
    return RabbitConfig(http_config(section, resolver), names, section.vhost)
