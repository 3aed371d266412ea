"""Replies of versions that cannot be run here, written down from the tools' documentation; a script plays them.

restic: docs 075_scripting (0.17, 0.18). borg: internals/frontends and usage/general (1.4). pgBackRest: info (2.5x).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.backup.place import page, reasons, shown, write

if TYPE_CHECKING:
    from pathlib import Path

SNAPSHOT = {
    "time": "2026-09-21T10:13:19.123456789+02:00",
    "parent": "0" * 64,
    "tree": "1" * 64,
    "paths": ["/srv"],
    "hostname": "web1",
    "username": "root",
    "uid": 1000,
    "excludes": ["*.tmp"],
    "tags": ["daily"],
    "program_version": "restic 0.17.3",
    "summary": {
        "backup_start": "2026-09-21T10:13:19.123456789+02:00",
        "backup_end": "2026-09-21T10:15:30.623456789+02:00",
        "files_new": 3,
        "files_changed": 2,
        "files_unmodified": 11,
        "dirs_new": 0,
        "dirs_changed": 1,
        "dirs_unmodified": 0,
        "data_blobs": 5,
        "tree_blobs": 2,
        "data_added": 13_113,
        "data_added_packed": 7_531,
        "total_files_processed": 16,
        "total_bytes_processed": 987_654,
    },
    "id": "a" * 64,
    "short_id": "aaaaaaaa",
}
BEGUN = 1_789_978_399.123456


def playing(folder: Path, name: str, *cases: tuple[str, str, str, int]) -> str:
    """Return a program that plays (words, stdout, stderr, exit code) for the first words it is called with."""
    path = folder / f"recorded-{name}"
    lines = ["#!/bin/sh", 'case "$*" in']
    for index, (words, out, err, code) in enumerate(cases):
        (folder / f"{name}-{index}.out").write_text(out)
        (folder / f"{name}-{index}.err").write_text(err)
        lines.append(
            f'*"{words}"*) cat {folder}/{name}-{index}.out; cat {folder}/{name}-{index}.err >&2; exit {code} ;;'
        )
    path.write_text("\n".join([*lines, "esac", ""]))
    path.chmod(0o755)
    return str(path)


def target(kind: str, program: str, **more: Any) -> dict[str, Any]:
    return {"name": "nas", "kind": kind, "program": program, **more}


def test_a_recorded_listing_of_restic_0_17_tells_size_and_duration(tmp_path: Path) -> None:
    program = playing(tmp_path, "restic", ("snapshots", json.dumps([SNAPSHOT]), "", 0), ("list locks", "", "", 0))

    text = page(write(tmp_path, target("restic", program, repository="r")))

    assert shown(text, "backup_last_size_bytes") == {"nas/web1": 987_654}
    assert shown(text, "backup_last_duration_seconds") == {"nas/web1": 131.5}
    assert shown(text, "backup_recovery_point_timestamp_seconds")["nas/web1"] == pytest.approx(BEGUN)
    assert shown(text, "backup_last_success_timestamp_seconds")["nas/web1"] == pytest.approx(BEGUN + 131.5)


@pytest.mark.parametrize(
    ("code", "message", "reason"),
    [
        (10, "Fatal: repository does not exist: unable to open config file: stat /srv/r/config", "connect"),
        (11, "Fatal: unable to create lock in backend: repository is already locked by PID 7", "locked"),
        (12, "Fatal: wrong password or no key found", "auth"),
        (1, "Fatal: something nobody has seen", "parse"),
    ],
)
def test_a_recorded_exit_code_of_restic_0_17_is_its_reason(
    tmp_path: Path, code: int, message: str, reason: str
) -> None:
    said = json.dumps({"message_type": "exit_error", "code": code, "message": message}) + "\n"
    program = playing(tmp_path, "restic", ("snapshots", "", said, code))

    assert reasons(page(write(tmp_path, target("restic", program, repository="r")))) == {"nas": reason}


BORG = {
    "archives": [
        {
            "archive": "web1-2026-09-21",
            "barchive": "web1-2026-09-21",
            "id": "b" * 64,
            "name": "web1-2026-09-21",
            "start": "2026-09-21T08:13:19.000000",
            "time": "2026-09-21T08:13:19.000000",
        }
    ],
    "encryption": {"mode": "repokey-blake2"},
    "repository": {"id": "c" * 64, "last_modified": "2026-09-21T08:15:19.000000", "location": "/srv/borg"},
}


@pytest.mark.parametrize("code", [0, 1, 100, 107], ids=["fine", "a warning", "a modern warning", "a changed file"])
def test_a_recorded_listing_of_borg_1_4_counts_although_it_warns(tmp_path: Path, code: int) -> None:
    program = playing(tmp_path, "borg", ("list", json.dumps(BORG), "", code))

    text = page(write(tmp_path, target("borg", program, repository="b")))

    assert shown(text, "backup_recovery_point_timestamp_seconds") == {"nas/web1": 1_789_978_399.0}


@pytest.mark.parametrize(
    ("code", "message_id", "reason"),
    [
        (13, "Repository.DoesNotExist", "connect"),
        (15, "Repository.InvalidRepository", "connect"),
        (52, "PassphraseWrong", "auth"),
        (80, "ConnectionClosed", "connect"),
        (2, "SomethingNew", "parse"),
    ],
)
def test_a_recorded_modern_exit_code_of_borg_1_4_is_its_reason(
    tmp_path: Path, code: int, message_id: str, reason: str
) -> None:
    row = {
        "type": "log_message",
        "time": 1.5,
        "message": "no",
        "levelname": "ERROR",
        "name": "borg",
        "msgid": message_id,
    }
    program = playing(tmp_path, "borg", ("list", "", json.dumps(row) + "\n", code))

    assert reasons(page(write(tmp_path, target("borg", program, repository="b")))) == {"nas": reason}


def test_a_recorded_lock_of_borg_1_4_is_a_state(tmp_path: Path) -> None:
    row = {"type": "log_message", "message": "timeout", "levelname": "ERROR", "name": "borg", "msgid": "LockTimeout"}
    program = playing(tmp_path, "borg", ("list", "", json.dumps(row) + "\n", 73))

    text = page(write(tmp_path, target("borg", program, repository="b")))

    assert (shown(text, "backup_up"), shown(text, "backup_repository_locked")) == ({"nas": 1}, {"nas": 1})


def test_a_recorded_info_of_pgbackrest_2_5_while_a_first_backup_runs(tmp_path: Path) -> None:
    lock = {"backup": {"held": True, "size": 109_792_819_251, "size-cplt": 75_161_927_680}, "restore": {"held": False}}
    status = {"code": 2, "message": "no valid backups"}
    stanza = {
        "archive": [],
        "backup": [],
        "cipher": "none",
        "db": [{"id": 1, "repo-key": 1, "system-id": 7, "version": "17"}],
        "name": "main",
        "repo": [{"cipher": "none", "key": 1, "status": status}],
        "status": {**status, "lock": lock},
    }
    program = playing(tmp_path, "pgbackrest", ("info", json.dumps([stanza]), "", 0))

    text = page(write(tmp_path, target("pgbackrest", program)))

    assert shown(text, "backup_up") == {"nas": 1}
    assert shown(text, "backup_repository_locked") == {"nas": 1}
    assert shown(text, "backup_snapshots") == {"nas/main": 0}
