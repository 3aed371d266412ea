"""A target of kind procrastinate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.core.fields import Duration
from watchbill_exporters.queue.links.postgres import PostgresConfig, PostgresSection, postgres_config
from watchbill_exporters.queue.naming import QueueNames

if TYPE_CHECKING:
    from watchbill_exporters.core.resolver import Resolver


class ProcrastinateSection(PostgresSection, QueueNames):
    """The database of procrastinate."""

    kind: Literal["procrastinate"]
    db_schema: str = Field("public", alias="schema", min_length=1, description="Where its tables are.")
    stalled_after: Duration = Field(30.0, description="As stalled_worker_timeout: silent for longer is stalled.")
    counters: bool = Field(
        True, description="Count and time what happens; say false where workers delete finished jobs (delete_jobs)."
    )


@dataclass(frozen=True)
class ProcrastinateConfig:
    """What a client needs to know."""

    postgres: PostgresConfig
    names: QueueNames
    schema: str = "public"
    stalled_after: float = 30.0
    counters: bool = True


def resolved(section: ProcrastinateSection, resolver: Resolver) -> ProcrastinateConfig:
    names = QueueNames(queues=section.queues, most_queues=section.most_queues)
    postgres = postgres_config(section, resolver)
    return ProcrastinateConfig(postgres, names, section.db_schema, section.stalled_after, section.counters)
