"""A target of kind sql."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from watchbill_exporters.queue.links.postgres import PostgresConfig, PostgresSection, postgres_config
from watchbill_exporters.queue.naming import QueueNames

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver

Query = Annotated[str, Field(min_length=1)]


class SqlSection(PostgresSection, QueueNames):
    """Each query gives rows of queues or of schedules."""

    kind: Literal["sql"]
    queries: tuple[Query, ...] = Field(min_length=1, description="Columns: see the recipe. NULL is unknown.")
    queue: str | None = Field(None, description="The queue of rows without a column `queue`.")


@dataclass(frozen=True)
class SqlConfig:
    """What a client needs to know."""

    postgres: PostgresConfig
    names: QueueNames
    queries: tuple[str, ...]
    queue: str | None = None


def resolved(section: SqlSection, resolver: Resolver) -> SqlConfig:
    names = QueueNames(queues=section.queues, most_queues=section.most_queues)
    return SqlConfig(postgres_config(section, resolver), names, section.queries, section.queue)
