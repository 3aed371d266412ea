"""A real stanza with archived WAL, encrypted: what was backed up is what is shown."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.backup.place import page, reasons, shown, write
from tests.exporters.backup.postgres_server import CIPHER, Postgres
from watchbill_exporters.backup.repositories.pgbackrest import STANZAS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def stanza(request: pytest.FixtureRequest) -> Any:
    from tests.exporters.backup.conftest import need, need_postgres  # noqa: PLC0415 - skips by name

    need_postgres()
    need("pgbackrest")
    with Postgres(archive=True) as server:
        server.pgbackrest("stanza-create")
        server.pgbackrest("--type=full", "backup")
        server.sql("create table t as select generate_series(1, 113) i")
        server.pgbackrest("--type=incr", "backup")
        yield server


def target(server: Postgres, folder: Path, **more: Any) -> dict[str, Any]:
    (folder / "cipher").write_text(CIPHER + "\n")
    return {
        "name": "cold",
        "kind": "pgbackrest",
        "config": str(server.folder / "pgbackrest.conf"),
        "password_file": "cipher",
        **more,
    }


def test_a_stanza_is_a_source(stanza: Postgres, tmp_path: Path) -> None:
    told = STANZAS.validate_json(stanza.pgbackrest("info", "--output=json"))[0].backup

    text = page(write(tmp_path, target(stanza, tmp_path)))

    assert shown(text, "backup_up") == {"cold": 1}
    assert shown(text, "backup_snapshots") == {"cold/main": 2}
    assert shown(text, "backup_recovery_point_timestamp_seconds") == {"cold/main": told[1].timestamp.stop}
    assert shown(text, "backup_oldest_timestamp_seconds") == {"cold/main": told[0].timestamp.stop}
    assert shown(text, "backup_last_size_bytes") == {"cold/main": told[1].info.size}
    assert 0 <= shown(text, "backup_last_duration_seconds")["cold/main"] < 60
    assert shown(text, "backup_repository_locked") == {"cold": 0}


def test_with_wal_the_recovery_point_is_when_the_newest_segment_was_stored(stanza: Postgres, tmp_path: Path) -> None:
    time.sleep(1.1)
    before = time.time()
    stanza.sql("insert into t values (7); select pg_switch_wal()")
    stanza.pgbackrest("check")

    text = page(write(tmp_path, target(stanza, tmp_path, wal=True)))

    assert before - 1 <= shown(text, "backup_recovery_point_timestamp_seconds")["cold/main"] <= time.time()
    assert shown(text, "backup_last_success_timestamp_seconds")["cold/main"] < before


def test_a_wrong_cipher_passphrase_is_auth(stanza: Postgres, tmp_path: Path) -> None:
    config = write(tmp_path, target(stanza, tmp_path))
    (tmp_path / "cipher").write_text("open barley")

    text = page(config)

    assert (shown(text, "backup_up"), reasons(text)) == ({"cold": 0}, {"cold": "auth"})


@pytest.mark.parametrize("stanza_key", [{}, {"stanza": "main"}], ids=["any stanza", "one stanza"])
def test_a_repository_that_is_gone_is_connect(stanza: Postgres, tmp_path: Path, stanza_key: dict[str, str]) -> None:
    away = (stanza.folder / "repo").rename(stanza.folder / "away")
    try:
        text = page(write(tmp_path, target(stanza, tmp_path, **stanza_key)))
    finally:
        away.rename(stanza.folder / "repo")

    assert (shown(text, "backup_up"), reasons(text)) == ({"cold": 0}, {"cold": "connect"})
    assert shown(text, "backup_snapshots") == {}


def test_a_stanza_nobody_knows_is_connect(stanza: Postgres, tmp_path: Path) -> None:
    assert reasons(page(write(tmp_path, target(stanza, tmp_path, stanza="nowhere")))) == {"cold": "connect"}


def test_a_damaged_backup_info_is_not_up(stanza: Postgres, tmp_path: Path) -> None:
    files = [stanza.folder / "repo/backup/main" / name for name in ("backup.info", "backup.info.copy")]
    whole = [file.read_bytes() for file in files]
    try:
        for file, data in zip(files, whole, strict=True):
            file.write_bytes(data[:-48] + bytes(48))
        text = page(write(tmp_path, target(stanza, tmp_path)))
    finally:
        for file, data in zip(files, whole, strict=True):
            file.write_bytes(data)

    assert shown(text, "backup_up") == {"cold": 0}
    assert shown(text, "backup_snapshots") == {}
    assert shown(page(write(tmp_path, target(stanza, tmp_path))), "backup_snapshots") == {"cold/main": 2}
