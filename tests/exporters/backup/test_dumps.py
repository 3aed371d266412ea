"""Real dumps and base backups in a directory: what is whole counts, what is cut short does not."""

from __future__ import annotations

import gzip
import os
import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.backup.place import page, reasons, shown, write
from tests.exporters.backup.postgres_server import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MTIME = 1_700_000_000
WAYS = ("custom", "piped", "directory", "tar", "plain", "all", "base", "base-tar")


@pytest.fixture(scope="module")
def dumps() -> Iterator[Path]:
    """One of each format, of a database with enough in it to be cut."""
    from tests.exporters.backup.conftest import need_postgres  # noqa: PLC0415 - skips by name

    need_postgres()
    with Postgres() as server:
        server.sql("create table t as select i, md5(i::text) x from generate_series(1, 3000) i")
        place = server.folder / "dumps"
        server.run_plain("mkdir", str(place))
        where = f"{server.programs}/pg_dump"
        server.run("pg_dump", "-Fc", "-f", f"{place}/custom", "postgres")
        server.run_plain("sh", "-c", f"{where} -Fc postgres | cat > {place}/piped")
        server.run("pg_dump", "-Fd", "-f", f"{place}/directory", "postgres")
        server.run("pg_dump", "-Ft", "-f", f"{place}/tar", "postgres")
        server.run("pg_dump", "-f", f"{place}/plain", "postgres")
        server.run("pg_dumpall", "-f", f"{place}/all")
        server.run("pg_basebackup", "-D", f"{place}/base", "-c", "fast")
        server.run("pg_basebackup", "-D", f"{place}/base-tar", "-Ft", "-z", "-c", "fast")
        yield place


def copy(source: Path, into: Path) -> Path:
    """Copy one and give it an old time of change, as a careless copy would not keep it."""
    if source.is_dir():
        shutil.copytree(source, into, symlinks=True)
    else:
        shutil.copy(source, into)
    for path in (into, *(into.rglob("*") if into.is_dir() else ())):
        if not path.is_symlink():
            os.utime(path, (MTIME, MTIME))
    return into


def target(**more: Any) -> dict[str, Any]:
    return {"name": "disk", "kind": "dumps", "directory": "here", "timezone": "UTC", **more}


@pytest.mark.parametrize("way", WAYS)
def test_a_whole_copy_counts_and_its_begin_is_the_recovery_point(dumps: Path, tmp_path: Path, way: str) -> None:
    (tmp_path / "here").mkdir()
    copy(dumps / way, tmp_path / "here" / f"orders-2026-11-25.{'dump' if way != 'base' else 'd'}")

    text = page(write(tmp_path, target()))

    assert shown(text, "backup_up") == {"disk": 1}
    assert shown(text, "backup_snapshots") == {"disk/orders": 1}
    assert shown(text, "backup_damaged_copies") == {"disk/orders": 0}
    point = shown(text, "backup_recovery_point_timestamp_seconds")["disk/orders"]
    if way in {"plain", "all"}:  # they do not say when they were begun
        assert point == MTIME
    else:
        assert time.time() - 600 < point <= time.time()
    assert shown(text, "backup_last_size_bytes")["disk/orders"] > 1000


def cut(path: Path, way: str) -> None:
    """Make it what a dump is that was killed, or whose disk was full."""
    match way:
        case "directory":
            (path / "toc.dat").unlink()
        case "base" | "base-tar":
            (path / "backup_manifest").unlink()
        case _:
            data = path.read_bytes()
            path.write_bytes(data[: len(data) * 2 // 3])


@pytest.mark.parametrize("way", WAYS)
def test_a_copy_that_was_cut_short_is_damaged_and_the_one_before_stays(dumps: Path, tmp_path: Path, way: str) -> None:
    (tmp_path / "here").mkdir()
    whole = copy(dumps / "plain", tmp_path / "here" / "orders-2026-11-24.sql")
    cut(copy(dumps / way, tmp_path / "here" / "orders-2026-11-25.x"), way)

    text = page(write(tmp_path, target()))

    assert whole.exists()
    assert shown(text, "backup_snapshots") == {"disk/orders": 1}
    assert shown(text, "backup_damaged_copies") == {"disk/orders": 1}
    assert shown(text, "backup_recovery_point_timestamp_seconds") == {"disk/orders": MTIME}


def test_the_zone_of_the_host_that_dumped_is_taken(dumps: Path, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    copy(dumps / "custom", tmp_path / "here" / "orders.dump")

    utc = shown(page(write(tmp_path, target())), "backup_recovery_point_timestamp_seconds")
    east = shown(page(write(tmp_path, target(timezone="Asia/Kathmandu"))), "backup_recovery_point_timestamp_seconds")

    assert utc["disk/orders"] - east["disk/orders"] == 5.75 * 3600


def test_globs_rules_and_files_under_way(dumps: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    for name in ("a-2026-01-01.dump", "b-20260102T0304.dump", "c.dump.tmp", ".d.dump", "e.txt"):
        copy(dumps / "custom", here / name)
    (here / "f-2026-01-01.dump").write_bytes(b"something else")
    rules = [{"source": "orders", "name": "[ab]-*"}]

    plain = page(write(tmp_path, target(files="*.dump")))
    ruled = page(write(tmp_path, target(files="*.dump", sources=rules)))

    assert shown(plain, "backup_snapshots") == {"disk/a": 1, "disk/b": 1, "disk/f": 0}
    assert shown(plain, "backup_damaged_copies")["disk/f"] == 1
    assert shown(ruled, "backup_snapshots") == {"disk/orders": 2, "disk/other": 0}


def test_what_is_compressed_is_taken_on_trust(dumps: Path, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "orders.sql.gz").write_bytes(gzip.compress((dumps / "plain").read_bytes()))

    assert shown(page(write(tmp_path, target())), "backup_snapshots") == {"disk/orders": 1}


def test_a_directory_that_is_gone_is_connect(tmp_path: Path) -> None:
    text = page(write(tmp_path, target()))

    assert (shown(text, "backup_up"), reasons(text)) == ({"disk": 0}, {"disk": "connect"})
