"""A scratch database on a server: it is made by us, or it is refused; the mark on it says so."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill_exporters.backup.postgres import Server, query, reason
from watchbill_exporters.backup.process import Tool, run
from watchbill_exporters.backup.restore.guard import RefusedError
from watchbill_exporters.backup.restore.scratch import undisturbed
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.errors import ScrapeError

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "made by watchbill restore-test"
LONGEST = 40  # PostgreSQL cuts names at 63 bytes without an error; cut, a draft could have the name of another database
DRAFT = "_watchbill_draft"  # a database gets its mark before it gets its name, so none is ever without
_MARK_OF = "select '.' || coalesce(shobj_description(oid, 'pg_database'), '') from pg_database where datname = '{name}'"


@contextmanager
def scratch_database(server: Server, deadline: Deadline) -> Iterator[Server]:
    """Yield an empty database of that name and drop it. Raises RefusedError when another one has the name."""
    admin = replace(server, database="postgres")
    _drop(admin, server.database, deadline)
    draft = server.database + DRAFT
    _execute(
        admin,
        deadline,
        f"drop database if exists {_name(draft)}",
        f"create database {_name(draft)} template template0",
        f"comment on database {_name(draft)} is '{MARK}'",
        f"alter database {_name(draft)} rename to {_name(server.database)}",
    )
    try:
        yield server
    finally:
        with undisturbed():
            _drop(admin, server.database, Deadline.after(30.0, Clock()))


def _drop(admin: Server, name: str, deadline: Deadline) -> None:
    found = query(admin, _MARK_OF.format(name=name.replace("'", "''")), deadline)
    if not found:
        return
    if found[0][0] != "." + MARK:
        raise RefusedError(f"the database {name} on {admin.host} is there and not ours: name one that is not")
    _execute(admin, deadline, f"drop database {_name(name)} with (force)")


def _execute(admin: Server, deadline: Deadline, *statements: str) -> None:
    words = [word for statement in statements for word in ("-c", statement)]
    tool = Tool("psql", {**admin.environment(), "PGCONNECT_TIMEOUT": "10"})
    done = run(tool, "-X", "-w", "-q", "-v", "ON_ERROR_STOP=1", *words, deadline=deadline)
    if done.code:
        raise ScrapeError(reason(done.errors), done.last_line)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
