"""A target of kind dbos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.queue.links.postgres import PostgresConfig, PostgresSection, postgres_config
from watchbill_exporters.queue.naming import QueueNames

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver

NEWEST = 125  # the migration of DBOS 3.4.0


class DbosSection(PostgresSection, QueueNames):
    """The system database of DBOS."""

    kind: Literal["dbos"]
    db_schema: str = Field("dbos", alias="schema", min_length=1, description="Where its tables are.")
    newest_migration: int = Field(
        NEWEST, ge=1, description="Newer layouts are refused; raise it once you have seen that figures still hold."
    )


@dataclass(frozen=True)
class DbosConfig:
    """What a client needs to know."""

    postgres: PostgresConfig
    names: QueueNames
    schema: str = "dbos"
    newest: int = NEWEST


def resolved(section: DbosSection, resolver: Resolver) -> DbosConfig:
    names = QueueNames(queues=section.queues, most_queues=section.most_queues)
    return DbosConfig(postgres_config(section, resolver), names, section.db_schema, section.newest_migration)
