"""`kind: checkpoints`: the tables of LangGraph's checkpointers, in PostgreSQL or SQLite."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.backup.facts import Facts, TableFacts
from watchbill_exporters.backup.postgres import Server, ServerSection, query, server
from watchbill_exporters.backup.section import BackupSection
from watchbill_exporters.backup.source import FactsSource
from watchbill_exporters.backup.sqlite import opened
from watchbill_exporters.core.errors import InvalidError, Reason, ScrapeError

if TYPE_CHECKING:
    import sqlite3

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver

SQLITE_TABLES = ("checkpoints", "writes")
GREGORIAN = 0x01B21DD213814000  # 100 ns between 1582-10-15, where UUIDs begin to count, and 1970
NEWEST = "select max(checkpoint_id) from checkpoints"
_SIZES = """
select c.relname, pg_total_relation_size(c.oid) from pg_class c where c.oid in
(to_regclass('checkpoints'), to_regclass('checkpoint_blobs'), to_regclass('checkpoint_writes')) order by 1
"""


class CheckpointsSection(BackupSection):
    """Either a server, or a file."""

    kind: Literal["checkpoints"]
    postgres: ServerSection | None = Field(
        None, description="`host`, `port`, `database`, `user`, `password`, `sslmode`."
    )
    schema_name: str = Field(
        "public", alias="schema", pattern=r"^[A-Za-z_][A-Za-z0-9_$]*$", description="Where the tables are."
    )
    sqlite: Path | None = Field(None, description="The file of langgraph-checkpoint-sqlite.")


@dataclass(frozen=True)
class CheckpointsConfig:
    name: str
    server: Server | None = None
    schema: str = "public"
    file: Path | None = None


class CheckpointsClient:
    """Asks for sizes and the newest checkpoint."""

    def __init__(self, config: CheckpointsConfig) -> None:
        self.config = config

    def read(self, deadline: Deadline) -> Facts:
        if self.config.server is not None:
            return Facts(tables=self._postgres(self.config.server, deadline))
        return Facts(tables=self._sqlite(self.config.file or Path(), deadline))

    def close(self) -> None:
        """Nothing is kept open."""

    def _postgres(self, where: Server, deadline: Deadline) -> tuple[TableFacts, ...]:
        here = f"search_path={self.config.schema}"
        sizes = {name: float(size) for name, size in query(where, _SIZES, deadline, here)}
        if "checkpoints" not in sizes:
            raise ScrapeError(Reason.VERSION, f"there is no table checkpoints in schema {self.config.schema}")
        newest = query(where, NEWEST, deadline, here)
        return self._tables(sizes, newest[0][0] if newest else None)

    def _sqlite(self, file: Path, deadline: Deadline) -> tuple[TableFacts, ...]:
        with opened(file, deadline, still=False) as connection:
            known = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
            if "checkpoints" not in known:
                raise ScrapeError(Reason.VERSION, f"there is no table checkpoints in {file}")
            tables = [table for table in SQLITE_TABLES if table in known]
            sizes = {table: _sqlite_size(connection, table) for table in tables}
            newest = connection.execute(NEWEST).fetchone()[0]
        return self._tables(sizes, newest)

    def _tables(self, sizes: dict[str, float], newest: str | None) -> tuple[TableFacts, ...]:
        times = {"checkpoints": checkpoint_time(newest)}
        return tuple(TableFacts(self.config.name, table, size, times.get(table)) for table, size in sizes.items())


def checkpoint_time(checkpoint: str | None) -> float | None:
    """Return when a checkpoint was made: its id is a UUID of version 6, which sorts by time. Others tell nothing."""
    try:
        found = uuid.UUID(checkpoint or "")
    except ValueError:
        return None
    if found.version != 6:
        return None
    ticks = (found.int >> 80) << 12 | (found.int >> 64) & 0xFFF
    return (ticks - GREGORIAN) / 1e7


def _sqlite_size(connection: sqlite3.Connection, table: str) -> float:
    """Return the bytes of a table and its indexes; `dbstat` reads the whole file, but exactly."""
    sql = "select sum(pgsize) from dbstat where name in (select name from sqlite_master where tbl_name = ?)"
    row = connection.execute(sql, (table,)).fetchone()
    return float(row[0] or 0)


@dataclass(frozen=True)
class CheckpointsSource(FactsSource):
    kind: str = "checkpoints"
    section: type[CheckpointsSection] = CheckpointsSection

    def resolve(self, section: CheckpointsSection, resolver: Resolver) -> CheckpointsConfig:
        if (section.postgres is None) == (section.sqlite is None):
            raise InvalidError((), "one of postgres and sqlite is needed", "Say where the tables are.")
        if section.postgres is not None:
            where = server(section.postgres, resolver, "postgres")
            return CheckpointsConfig(section.name, where, section.schema_name)
        return CheckpointsConfig(section.name, file=resolver.path(section.sqlite or ""))

    def connect(self, config: CheckpointsConfig) -> CheckpointsClient:
        return CheckpointsClient(config)


CHECKPOINTS = CheckpointsSource()
