"""Real repositories restored: right data is fine, a changed file is a mismatch, a broken repository is a failure."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lab.process import wait_until
from tests.exporters.backup.place import page, shown, told, write
from tests.exporters.backup.restore.bench import Bench, tree

if TYPE_CHECKING:
    from tests.exporters.backup.tools import Borg, Restic

PAST = 1_790_000_000.0
NEWEST = 1_789_999_876.0
ROWS = 113


def fill(data: Path) -> None:
    """Write files with known hashes and a database with known rows."""
    (data / "in").mkdir()
    (data / "a.txt").write_text("alpha")
    (data / "in" / "b.txt").write_text("beta")
    with sqlite3.connect(data / "app.db") as connection:
        connection.execute("create table orders (at real)")
        connection.executemany("insert into orders values (?)", [(NEWEST - 100 - i,) for i in range(ROWS)])
    connection.close()
    names = ("a.txt", "in/b.txt", "app.db")
    lines = [f"{hashlib.sha256((data / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (data / "SHA256SUMS").write_text("".join(lines))
    for path in data.rglob("*"):
        os.utime(path, (NEWEST - 50, NEWEST - 50))
    os.utime(data / "in" / "b.txt", (NEWEST, NEWEST))


def checks(top: str) -> list[dict[str, Any]]:
    return [
        {"hashes": f"{top}/SHA256SUMS"},
        {"files": f"{top}/**/*.txt", "equals": 2},
        {"rows": "orders", "file": f"{top}/app.db", "at_least": ROWS},
        {"query": "select max(at) from orders", "file": f"{top}/app.db", "at_most": NEWEST},
    ]


@pytest.fixture
def restic_test(restic: Restic, bench: Bench) -> dict[str, Any]:
    fill(restic.data)
    restic.backup(PAST - 9000)
    (restic.data / "later.txt").write_text("not in the newest one of web1")
    (restic.data / "later.txt").unlink()
    restic.backup(PAST)
    restic.backup(PAST + 9000, host="db7")
    where = {"repository": str(restic.repository), "password_file": str(restic.folder / "password"), "host": "web1"}
    return {"name": "web1", "repository": "nas", "restic": where, "checks": checks(str(restic.data))}


@pytest.fixture
def borg_test(borg: Borg, bench: Bench) -> dict[str, Any]:
    fill(borg.data)
    borg.backup("web1-2026-09-21", PAST)
    where = {"repository": str(borg.repository), "password_file": str(borg.folder / "password"), "archives": "web1-*"}
    return {"name": "web1", "repository": "nas", "borg": where, "checks": checks("data")}


@pytest.fixture
def sqlite_test(bench: Bench) -> dict[str, Any]:
    copies = bench.folder / "copies"
    copies.mkdir()
    fill(copies)
    where = {"directory": str(copies), "files": "*.db"}
    wanted = [{"rows": "orders", "equals": ROWS}]
    newest = {"query": "select max(at) from orders"}
    return {"name": "web1", "repository": "nas", "sqlite": where, "checks": wanted, "newest": newest}


@pytest.mark.parametrize(
    ("kind", "rows", "point"),
    [("restic", 3 + 2 + ROWS, NEWEST), ("borg", 3 + 2 + ROWS, NEWEST), ("sqlite", ROWS, NEWEST - 100)],
)
def test_a_good_backup_is_fine_and_measured(
    request: pytest.FixtureRequest, bench: Bench, tmp_path: Path, kind: str, rows: int, point: float
) -> None:
    test = request.getfixturevalue(f"{kind}_test")
    before, begun = time.time(), time.monotonic()

    assert bench.run(test) == 0, bench.said

    elapsed = time.monotonic() - begun
    text = page(write(tmp_path, {"name": "tests", "kind": "state", "directory": str(bench.state)}))
    assert shown(text, "restore_test_last_run_success") == {"nas/web1": 1}
    assert before <= shown(text, "restore_test_last_success_timestamp_seconds")["nas/web1"] <= time.time()
    assert 0 < shown(text, "restore_test_duration_seconds")["nas/web1"] <= elapsed
    assert shown(text, "restore_test_recovery_point_timestamp_seconds") == {"nas/web1": point}
    assert shown(text, "restore_test_checked_rows") == {"nas/web1": rows}
    assert shown(text, "restore_test_mismatches") == {"nas/web1": 0}
    assert bench.left == []


def spoiling(folder: Path, program: str, spoil: str) -> str:
    """Return a program that does its work and then changes what it has restored."""
    path = folder / f"spoiling-{program}"
    path.write_text(f'#!/bin/sh\n{program} "$@" || exit\ncase "$*" in *restore*|*extract*) {spoil} ;; esac\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("kind", ["restic", "borg"])
@pytest.mark.parametrize(
    ("spoil", "wrong"),
    [
        ("find SCRATCH -name b.txt -exec sh -c 'printf beto > $1' x {} ';'", ["in/b.txt differs"]),
        ("find SCRATCH -name b.txt -delete", ["in/b.txt is missing", "files"]),
        ("find SCRATCH -name app.db -exec truncate -s 4096 {} ';'", ["app.db differs", "rows orders", "query"]),
    ],
    ids=["one letter", "one file", "a table"],
)
def test_what_was_changed_is_a_mismatch(
    request: pytest.FixtureRequest, bench: Bench, tmp_path: Path, kind: str, spoil: str, wrong: list[str]
) -> None:
    test = request.getfixturevalue(f"{kind}_test")
    assert bench.run(test) == 0
    good = bench.record().last_good
    test[kind]["program"] = spoiling(tmp_path, kind, spoil.replace("SCRATCH", str(bench.scratch)))

    assert bench.run(test) == 1

    record = bench.record()
    assert record.last is not None
    assert (record.last.ok, record.last.mismatches) == (False, len(wrong))
    assert all(any(word in line for line in bench.said) for word in wrong)
    assert record.last_good == good
    assert bench.left == []


def damage(path: Path) -> None:
    for file in path.rglob("*"):
        if file.is_file() and file.stat().st_size > 60:
            data = bytearray(file.read_bytes())
            data[30:50] = bytes(20)
            file.chmod(0o600)
            file.write_bytes(bytes(data))


@pytest.mark.parametrize("fault", ["a corrupt pack", "a wrong password", "no repository", "no such host", "no tool"])
def test_what_cannot_be_restored_is_a_failure_and_no_success(
    restic: Restic, restic_test: dict[str, Any], bench: Bench, fault: str
) -> None:
    assert bench.run(restic_test) == 0
    good = bench.record().last_good
    match fault:
        case "a corrupt pack":
            damage(restic.repository / "data")
        case "a wrong password":
            (restic.folder / "password").write_text("open barley")
        case "no repository":
            restic.repository.rename(restic.folder / "away")
        case "no such host":
            restic_test["restic"]["host"] = "mail"
        case _:
            restic_test["restic"]["program"] = "restic-nowhere"

    assert bench.run(restic_test) == 1

    record = bench.record()
    assert record.last is not None
    assert (record.last.ok, record.last_good) == (False, good)
    assert "failed" in bench.said[0]
    assert bench.left == []


def test_a_damaged_sqlite_copy_is_a_mismatch(bench: Bench, sqlite_test: dict[str, Any]) -> None:
    file = bench.folder / "copies" / "app.db"
    data = file.read_bytes()
    file.write_bytes(data[:4096] + bytes(len(data) - 4096))

    assert bench.run(sqlite_test) == 1
    assert any("app.db is damaged" in line for line in bench.said)


def test_one_that_fails_does_not_keep_the_others_from_running(
    bench: Bench, sqlite_test: dict[str, Any], tmp_path: Path
) -> None:
    broken = {**sqlite_test, "name": "a", "sqlite": {"directory": str(tmp_path / "nowhere")}}

    assert bench.run(broken, sqlite_test) == 1
    assert [line.split(":")[0] for line in bench.said if ":" in line][:2] == ["nas/a", "nas/web1"]
    assert bench.run(broken, sqlite_test, names=("web1",)) == 0


def test_the_backup_and_the_live_data_are_not_touched(
    restic: Restic, restic_test: dict[str, Any], bench: Bench
) -> None:
    before = tree(restic.repository), tree(restic.data)

    assert bench.run({**restic_test, "live": [str(restic.data)]}) == 0

    assert (tree(restic.repository), tree(restic.data)) == before


def hanging(folder: Path) -> str:
    """Return a restic that restores and then does not end."""
    path = folder / "hanging"
    wait = f"echo $$ > {folder}/pid; exec sleep 61"
    path.write_text(f'#!/bin/sh\nrestic "$@" || exit\ncase "$*" in *restore*) {wait} ;; esac\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_told_to_end_it_cleans_up_and_records_no_success(
    restic_test: dict[str, Any], bench: Bench, tmp_path: Path, number: signal.Signals
) -> None:
    restic_test["restic"]["program"] = hanging(tmp_path)
    running = bench.start(restic_test)
    assert wait_until(lambda: told(tmp_path / "pid"), 60)
    assert bench.left == ["watchbill-restore"]

    running.send_signal(number)

    assert running.wait(60) == 128 + number
    assert bench.left == []
    record = bench.record()
    assert record.last is not None
    assert (record.last.ok, record.last_good) == (False, None)
    assert not Path("/proc", (tmp_path / "pid").read_text().strip()).exists()


def test_killed_in_the_middle_the_next_run_cleans_up_and_no_success_is_shown(
    restic_test: dict[str, Any], bench: Bench, tmp_path: Path
) -> None:
    right = restic_test["restic"].copy()
    restic_test["restic"]["program"] = hanging(tmp_path)
    running = bench.start(restic_test)
    assert wait_until(lambda: told(tmp_path / "pid"), 60)
    running.kill()
    running.wait()
    assert bench.left == ["watchbill-restore"]
    record = bench.record()
    assert record.last is not None
    assert (record.last.ok, record.last_good) == (False, None)
    pid = (tmp_path / "pid").read_text().strip()
    assert wait_until(lambda: not Path("/proc", pid).exists(), 60)  # the tool dies with us

    assert bench.run({**restic_test, "restic": right}) == 0

    assert bench.left == []
    assert bench.record().last_good is not None


def test_a_second_run_in_the_same_place_is_refused(restic_test: dict[str, Any], bench: Bench, tmp_path: Path) -> None:
    right = restic_test["restic"].copy()
    restic_test["restic"]["program"] = hanging(tmp_path)
    running = bench.start(restic_test)
    assert wait_until(lambda: told(tmp_path / "pid"), 60)
    try:
        assert bench.run({**restic_test, "restic": right}) == 1
        assert "another restore test is at work" in bench.said[0]
    finally:
        running.terminate()
        running.wait(60)


def test_a_restore_that_takes_too_long_is_a_failure(restic_test: dict[str, Any], bench: Bench, tmp_path: Path) -> None:
    restic_test["restic"]["program"] = hanging(tmp_path)

    assert bench.run({**restic_test, "timeout": "6s"}) == 1
    assert "took too long" in bench.said[0]
    assert bench.left == []
