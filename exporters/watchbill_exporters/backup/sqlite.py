"""Reads SQLite files without writing to them or beside them; a statement ends with the deadline."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from watchbill_exporters.core.clock import Deadline

MAGIC = b"SQLite format 3\x00"
BUSY = 1.0
STEPS = 10_000  # virtual machine instructions between two looks at the deadline: about a millisecond


@contextmanager
def opened(file: Path, deadline: Deadline, *, still: bool) -> Iterator[sqlite3.Connection]:
    """Open for reading; `still` says that nobody writes to it, so no lock and no -shm file is needed.

    Raises ScrapeError for what sqlite3 says, TimeoutError when the deadline is over.
    """
    if not file.is_file():
        raise ScrapeError(Reason.CONNECT, f"there is no file {file}")
    how = "mode=ro&immutable=1" if still else "mode=ro"
    uri = f"{file.absolute().as_uri()}?{how}"
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=min(BUSY, deadline.left()), isolation_level=None)
        try:
            connection.set_progress_handler(lambda: int(deadline.over), STEPS)
            connection.execute("pragma query_only = on")
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        if deadline.over:
            raise TimeoutError(f"{file} was not read in time") from None
        raise ScrapeError(_reason(error), f"{file}: {error}") from None


def _reason(error: sqlite3.Error) -> Reason:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return {
        sqlite3.SQLITE_BUSY: Reason.LOCKED,
        sqlite3.SQLITE_LOCKED: Reason.LOCKED,
        sqlite3.SQLITE_CANTOPEN: Reason.CONNECT,
        sqlite3.SQLITE_PERM: Reason.PERMISSION,
        sqlite3.SQLITE_READONLY: Reason.PERMISSION,
    }.get(code, Reason.PARSE)


def is_intact(file: Path, deadline: Deadline) -> bool:
    """Return what `quick_check` finds; a damaged file may also fail to be read at all."""
    with file.open("rb") as handle:
        if handle.read(len(MAGIC)) != MAGIC:
            return False
    if (wal := file.with_name(file.name + "-wal")).is_file() and wal.stat().st_size > 0:
        return False  # copied while it was written to: what stands in the -wal is missing
    try:
        with opened(file, deadline, still=True) as connection:
            return [row[0] for row in connection.execute("pragma quick_check(1)")] == ["ok"]
    except ScrapeError as error:
        if error.reason is Reason.PARSE:
            return False
        raise
