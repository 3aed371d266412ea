"""The checkpoints of agents, in tables as LangGraph's checkpointers have them."""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from compose.simulator.chance import Chance

TABLE = (
    "create table if not exists checkpoints (thread_id text, checkpoint_id text, checkpoint text, created_at {number})"
)
INSERT = "insert into checkpoints values ({0}, {0}, {0}, {0})"
KEPT = 5000
STATE_BITS = 16_000
DAMAGED_FROM, DAMAGE = 4096, b"\xff" * 8192
"""The first page holds the schema; what comes after is data."""
GREGORIAN = 0x01B21DD213814000
"""100 ns between 1582-10-15, where UUIDs begin to count, and 1970 (RFC 9562, 6.1)."""

log = logging.getLogger(__name__)
Row = tuple[str, str, str, float]


def checkpoint(chance: Chance, at: float) -> Row:
    """Return a row; its id is a UUID of version 6, whose order is that of time (RFC 9562, 5.6)."""
    ticks = f"{int(at * 1e7) + GREGORIAN:015x}"
    name = f"{ticks[:8]}-{ticks[8:12]}-6{ticks[12:]}-8{chance.key(12)}-{chance.key(48)}"
    return f"thread-{chance.whole(1, 500)}", name, chance.key(STATE_BITS), at


class Store:
    """A SQLite database; writing and copying each open it anew."""

    def __init__(self, path: Path, chance: Chance) -> None:
        self._path, self._chance = path, chance
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._opened()) as database:
            database.execute("pragma journal_mode=wal")
            database.execute(TABLE.format(number="real"))
        self.write(200)

    def write(self, rows: int = 1) -> None:
        with closing(self._opened()) as database, database:
            for _ in range(rows):
                database.execute(INSERT.format("?"), checkpoint(self._chance, time.time()))
            database.execute("delete from checkpoints where rowid <= (select max(rowid) from checkpoints) - ?", (KEPT,))

    def copy(self, target: Path, *, whole: bool, rows: int | None = None) -> None:
        """Copy it, consistent, to where backups take it from; a disk that lies damages what is not `whole`.

        `rows` are all that is left, where most was lost.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        with closing(self._opened()) as database, closing(sqlite3.connect(target)) as other:
            database.backup(other)
            if rows is not None:
                other.execute("delete from checkpoints where rowid > (select min(rowid) from checkpoints) + ?", (rows,))
                other.commit()
                other.execute("vacuum")
        if not whole:
            with target.open("r+b") as file:
                file.seek(DAMAGED_FROM)
                file.write(DAMAGE)

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)


class PostgresStore:
    """The same on a server; while it is away, checkpoints are lost and the log says so."""

    def __init__(self, url: str, chance: Chance) -> None:
        self._url, self._chance = url, chance

    def write(self) -> None:
        import psycopg  # noqa: PLC0415 - only where there is a PostgreSQL

        try:
            with psycopg.connect(self._url, connect_timeout=3) as database:
                database.execute(TABLE.format(number="double precision").encode())
                database.execute(INSERT.format("%s").encode(), checkpoint(self._chance, time.time()))
                database.execute(b"delete from checkpoints where created_at < %s", (time.time() - 6 * 3600,))
        except psycopg.Error as error:
            log.warning("a checkpoint was not written: %s", error)
