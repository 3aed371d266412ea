"""Copies of real SQLite files: whole ones count, damaged ones are damaged, none is written to."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.backup.place import page, reasons, shown, write
from watchbill_exporters.backup.copies import sqlite_files
from watchbill_exporters.backup.sqlite import is_intact
from watchbill_exporters.core.clock import Clock, Deadline

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN, COPIED = 1_790_000_111.0, 1_790_000_777


def a_copy(path: Path, rows: int = 500) -> Path:
    path.parent.mkdir(exist_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (at real, x text)")
        rows_of = [(WRITTEN - i, "x" * 97) for i in range(rows)]
        connection.executemany("insert into t values (?, ?)", rows_of)
        connection.execute("create index i on t (x)")
    connection.close()
    os.utime(path, (COPIED, COPIED))
    return path


def target(**more: Any) -> dict[str, Any]:
    return {"name": "disk", "kind": "sqlite", "directory": "here", "files": "*.db", **more}


def test_a_copy_counts_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    file = a_copy(tmp_path / "here" / "app-2026-11-25.db")

    text = page(write(tmp_path, target()))

    assert shown(text, "backup_snapshots") == {"disk/app": 1}
    assert shown(text, "backup_recovery_point_timestamp_seconds") == {"disk/app": COPIED}
    assert shown(text, "backup_last_size_bytes") == {"disk/app": file.stat().st_size}
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_query_gives_the_recovery_point(tmp_path: Path) -> None:
    a_copy(tmp_path / "here" / "app.db")

    text = page(write(tmp_path, target(newest="select max(at) from t")))

    assert shown(text, "backup_recovery_point_timestamp_seconds") == {"disk/app": WRITTEN}


@pytest.mark.parametrize("damage", ["cut", "zeros", "other", "wal"])
def test_a_damaged_copy_does_not_count(tmp_path: Path, damage: str) -> None:
    a_copy(tmp_path / "here" / "app-2026-11-24.db")
    file = a_copy(tmp_path / "here" / "app-2026-11-25.db")
    data = file.read_bytes()
    match damage:
        case "cut":
            file.write_bytes(data[: len(data) // 2])
        case "zeros":
            file.write_bytes(data[:8192] + bytes(4096) + data[12288:])
        case "other":
            file.write_bytes(b"not a database")
        case "wal":
            file.with_name(file.name + "-wal").write_bytes(b"x" * 100)

    text = page(write(tmp_path, target()))

    assert shown(text, "backup_up") == {"disk": 1}
    assert shown(text, "backup_snapshots") == {"disk/app": 1}
    assert shown(text, "backup_damaged_copies") == {"disk/app": 1}


def test_a_copy_is_checked_once_and_again_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def look(file: Path, deadline: Deadline) -> bool:
        checked.append(file.name)
        return is_intact(file, deadline)

    monkeypatch.setattr(sqlite_files, "is_intact", look)
    a_copy(tmp_path / "here" / "a.db")
    b = a_copy(tmp_path / "here" / "b.db")
    client = sqlite_files.SqliteClient(sqlite_files.SqliteConfig("disk", tmp_path / "here", "*.db"))
    for _ in range(3):
        client.read(Deadline.after(30, Clock()))
    b.unlink()
    a_copy(b, 7)
    client.read(Deadline.after(30, Clock()))

    assert checked == ["a.db", "b.db", "b.db"]


def test_a_query_that_does_not_fit_is_parse(tmp_path: Path) -> None:
    a_copy(tmp_path / "here" / "app.db")

    assert reasons(page(write(tmp_path, target(newest="select max(nothing) from t")))) == {"disk": "parse"}
