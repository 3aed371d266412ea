"""Checks of what was restored: hashes, numbers of files and rows, answers to queries."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from watchbill_exporters.backup.postgres import query
from watchbill_exporters.backup.sqlite import is_intact, opened
from watchbill_exporters.backup.times import unix_time
from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from watchbill_exporters.backup.restore.plan import Check, Newest
    from watchbill_exporters.backup.restore.restored import Restored
    from watchbill_exporters.core.clock import Deadline

SHOWN = 100


@dataclass(frozen=True)
class Finding:
    """What the checks gave: rows and files that were looked at, and what was not as expected."""

    rows: int = 0
    mismatches: tuple[str, ...] = ()

    def __add__(self, other: Finding) -> Finding:
        return Finding(self.rows + other.rows, self.mismatches + other.mismatches)


def run_checks(checks: Iterable[Check], restored: Restored, deadline: Deadline) -> Finding:
    """Return all findings; a check that cannot be answered is a mismatch too."""
    found = Finding()
    for check in checks:
        if deadline.over:
            raise TimeoutError("the checks took too long")
        try:
            found += _run(check, restored, deadline)
        except (ScrapeError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            found += Finding(0, (f"{_about(check)}: {error}",))
    return found


def integrity(restored: Restored, deadline: Deadline) -> Finding:
    """Check the SQLite files that lie at the top of what was restored."""
    files = [path for path in restored.root.iterdir() if path.is_file()] if restored.root is not None else []
    return Finding(0, tuple(f"{path.name} is damaged" for path in files if not is_intact(path, deadline)))


def newest_write(newest: Newest, restored: Restored, deadline: Deadline) -> float | None:
    """Return the time that the query gives."""
    return unix_time(_ask(newest.query, newest.file, newest.database, restored, deadline))


def _run(check: Check, restored: Restored, deadline: Deadline) -> Finding:
    if check.hashes is not None:
        return _hashes(_below(restored, check.hashes), deadline)
    if check.files is not None:
        root = _root(restored)
        count = sum(path.is_file() for path in root.glob(check.files.lstrip("/")))
        return Finding(count, tuple(_compared(check, count)))
    if check.rows is not None:
        name = ".".join('"' + part.replace('"', '""') + '"' for part in check.rows.split("."))
        query = f"select count(*) from {name}"  # noqa: S608 - quoted above, and the config's own
        answer = _ask(query, check.file, check.database, restored, deadline)
        count = int(str(answer))
        return Finding(count, tuple(_compared(check, count)))
    answer = _ask(check.query or "", check.file, check.database, restored, deadline)
    return Finding(0, tuple(_compared(check, answer)))


def _hashes(listing: Path, deadline: Deadline) -> Finding:
    """Compare with a file of lines `<sha256>  <path>`, relative to where it lies; paths may not lead out."""
    wrong: list[str] = []
    lines = [line for line in listing.read_text(encoding="utf-8").splitlines() if line.strip()]
    if not lines:
        return Finding(0, (f"{listing.name} is empty",))
    top = listing.parent.resolve()
    for line in lines:
        if deadline.over:
            raise TimeoutError("hashing took too long")
        wanted, _, name = line.partition(" ")
        path = (top / name[1:]).resolve()
        if len(wanted) != 64 or not path.is_relative_to(top):
            wrong.append(f"{listing.name} has a line that is no hash and path: {line[:SHOWN]}")
        elif not path.is_file():
            wrong.append(f"{name[1:]} is missing")
        elif _digest(path) != wanted.lower():
            wrong.append(f"{name[1:]} differs")
    return Finding(len(lines), tuple(wrong))


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _compared(check: Check, found: object) -> Iterable[str]:
    about, shown = _about(check), str(found)[:SHOWN]
    if check.equals is not None and not _equal(found, check.equals):
        yield f"{about}: expected {check.equals}, found {shown}"
    for bound, holds in ((check.at_least, _at_least), (check.at_most, _at_most)):
        if bound is not None:
            number = _number(found)
            if number is None or not holds(number, bound):
                yield f"{about}: expected {holds.__name__[1:].replace('_', ' ')} {bound:g}, found {shown}"


def _at_least(number: float, bound: float) -> bool:
    return number >= bound


def _at_most(number: float, bound: float) -> bool:
    return number <= bound


def _equal(found: object, wanted: object) -> bool:
    number, other = _number(found), _number(wanted)
    return number == other if number is not None and other is not None else str(found) == str(wanted)


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _about(check: Check) -> str:
    ways = {"hashes": check.hashes, "files": check.files, "rows": check.rows, "query": check.query}
    return next(f"{way} {given[:SHOWN]}" for way, given in ways.items() if given is not None)


def _ask(sql: str, file: str | None, database: str | None, restored: Restored, deadline: Deadline) -> object:
    """Return the first value, of the SQLite file or the database."""
    if restored.server is not None:
        server = restored.server if database is None else replace(restored.server, database=database)
        rows: list[list[str]] = query(server, sql, deadline)
        return rows[0][0] if rows else None
    with opened(_sqlite_file(restored, file), deadline, still=True) as connection:
        row = connection.execute(sql).fetchone()
    return row[0] if row is not None else None


def _sqlite_file(restored: Restored, file: str | None) -> Path:
    if file is not None:
        return _below(restored, file)
    files = [path for path in _root(restored).iterdir() if path.is_file()]
    if len(files) != 1:
        raise ScrapeError(Reason.PARSE, "which file is asked? name it in `file`")
    return files[0]


def _below(restored: Restored, name: str) -> Path:
    root = _root(restored).resolve()
    path = (root / name.lstrip("/")).resolve()
    if not path.is_relative_to(root):
        raise ScrapeError(Reason.PARSE, f"{name} leads out of what was restored")
    return path


def _root(restored: Restored) -> Path:
    if restored.root is None:
        raise ScrapeError(Reason.PARSE, "a database was restored, no files: use rows or query")
    return restored.root
