"""The checkpoints of agents, in a SQLite database, as a checkpointer writes them."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from compose.simulator.chance import Chance

TABLE = "create table if not exists checkpoints (thread_id text, step integer, state blob, created_at real)"
KEPT = 5000
STATE_BYTES = 2000
DAMAGED_FROM, DAMAGE = 4096, b"\xff" * 8192
"""The first page holds the schema; what comes after is data."""


class Store:
    """One database; writing and copying each open it anew."""

    def __init__(self, path: Path, chance: Chance) -> None:
        self._path, self._chance = path, chance
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._opened()) as database:
            database.execute("pragma journal_mode=wal")
            database.execute(TABLE)
        self.write(200)

    def write(self, rows: int = 1) -> None:
        with closing(self._opened()) as database, database:
            for _ in range(rows):
                row = (f"thread-{self._chance.whole(1, 500)}", 1, self._chance.key(8 * STATE_BYTES), time.time())
                database.execute("insert into checkpoints values (?, ?, ?, ?)", row)
            database.execute("delete from checkpoints where rowid <= (select max(rowid) from checkpoints) - ?", (KEPT,))

    def copy(self, target: Path, *, whole: bool) -> None:
        """Copy it, consistent, to where backups take it from; a disk that lies damages what is not `whole`."""
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        with closing(self._opened()) as database, closing(sqlite3.connect(target)) as other:
            database.backup(other)
        if not whole:
            with target.open("r+b") as file:
                file.seek(DAMAGED_FROM)
                file.write(DAMAGE)

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)
