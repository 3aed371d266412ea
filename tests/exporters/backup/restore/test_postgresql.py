"""Real dumps, base backups and stanzas restored into a cluster made for it, or into a scratch database."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from lab.process import wait_until
from tests.exporters.backup.place import page, shown, write
from tests.exporters.backup.postgres_server import CIPHER, PASSWORD, USER, Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exporters.backup.restore.bench import Bench

ROWS = 211
NEWEST = 1_790_000_333
WAYS = ("custom", "directory", "tar", "plain", "gzip", "all", "base", "base-tar")


@pytest.fixture(scope="module")
def live() -> Iterator[Postgres]:
    """A live server with a tablespace, and one backup of each sort in folders of their own."""
    from tests.exporters.backup.conftest import need_postgres  # noqa: PLC0415 - skips by name

    need_postgres()
    with Postgres() as server:
        folder = server.folder
        server.run_plain(
            "mkdir", *(f"{folder}/{name}" for name in ("space", "moved", "in", *(f"in/{w}" for w in WAYS)))
        )
        server.sql(f"create tablespace apart location '{folder}/space'")
        server.sql("create table orders (at double precision) tablespace apart")
        server.sql(f"insert into orders select {NEWEST} - i from generate_series(0, {ROWS - 1}) i")  # noqa: S608 - numbers of ours
        server.sql(f"create role watcher login createdb password '{PASSWORD}'")
        server.sql("create database app")
        server.sql("create table live (i int); insert into live values (1)", "app")
        dump, base = f"{server.programs}/pg_dump", f"{server.programs}/pg_basebackup -c fast"
        for command in (
            f"{dump} -Fc -f {folder}/in/custom/orders.dump",
            f"{dump} -Fd -f {folder}/in/directory/orders",
            f"{dump} -Ft -f {folder}/in/tar/orders.tar",
            f"{dump} -f {folder}/in/plain/orders.sql",
            f"{dump} | gzip > {folder}/in/gzip/orders.sql.gz",
            f"{server.programs}/pg_dumpall -f {folder}/in/all/orders.sql",
            f"{base} -D {folder}/in/base/orders -T {folder}/space={folder}/moved",
            f"{base} -D {folder}/in/base-tar/orders -Ft -z",
        ):
            server.run_plain("sh", "-c", command.replace("pg_dump ", "pg_dump -d postgres "))
        yield server


def a_test(server: Postgres, way: str, **more: Any) -> dict[str, Any]:
    return {
        "name": "orders",
        "repository": "disk",
        "dumps": {"directory": str(server.folder / "in" / way), "timezone": "UTC"},
        "checks": [
            {"rows": "public.orders", "equals": ROWS},
            {"query": "select max(at) from orders", "equals": NEWEST},
        ],
        **more,
    }


def live_facts(live: Postgres) -> tuple[str, str, str]:
    """Return what would change if the live server or its tablespace were touched."""
    files = sorted(path.name for path in (live.folder / "space").rglob("*"))
    databases = live.sql("select string_agg(datname, ' ' order by datname) from pg_database")
    return live.sql("select count(*), pg_postmaster_start_time() from orders"), databases, " ".join(files)


def servers_in(place: Path) -> bool:
    """Return whether a server runs with its data in there."""
    found = subprocess.run(["pgrep", "-f", str(place)], capture_output=True, text=True, check=False).stdout.split()
    return any(int(pid) != os.getpid() for pid in found)


@pytest.mark.parametrize("way", WAYS)
def test_a_backup_restored_into_a_cluster_of_its_own(live: Postgres, bench: Bench, tmp_path: Path, way: str) -> None:
    before = live_facts(live)
    newest = {"query": "select max(at) from orders"} if way != "custom" else None

    code = bench.run(a_test(live, way, newest=newest, live=[str(live.data), str(live.folder / "space")]))

    assert code == 0, bench.said
    text = page(write(tmp_path, {"name": "tests", "kind": "state", "directory": str(bench.state)}))
    assert shown(text, "restore_test_checked_rows") == {"disk/orders": ROWS}
    assert shown(text, "restore_test_last_run_success") == {"disk/orders": 1}
    assert 0 < shown(text, "restore_test_duration_seconds")["disk/orders"] < 60
    point = shown(text, "restore_test_recovery_point_timestamp_seconds")["disk/orders"]
    assert point == NEWEST if newest else time.time() - 900 < point < time.time()
    assert live_facts(live) == before
    assert bench.left == []
    assert not servers_in(bench.scratch)


@pytest.mark.parametrize("way", ["custom", "plain", "base"])
def test_a_backup_cut_short_is_no_success(live: Postgres, bench: Bench, way: str) -> None:
    """The whole copy is passed over when it says so itself; when it does not, restoring it must fail."""
    place = bench.folder / "cut"
    place.mkdir()
    match way:
        case "base":
            subprocess.run(["cp", "-a", f"{live.folder}/in/base/orders", str(place)], check=True)
            (place / "orders/global/pg_filenode.map").unlink()
        case "custom":
            data = (live.folder / "in/custom/orders.dump").read_bytes()
            (place / "orders.dump").write_bytes(data[: len(data) // 2] + data[-5:])
        case _:
            text = (live.folder / "in/plain/orders.sql").read_text()
            (place / "orders.sql").write_text(text.replace("COPY public.orders", "COPY public.order5"))
    test = {**a_test(live, way), "dumps": {"directory": str(place)}}

    assert bench.run(test) == 1

    record = bench.record()
    assert record.last is not None
    assert (record.last.ok, record.last_good) == (False, None)
    assert "failed" in bench.said[0]
    assert bench.left == []
    assert not servers_in(bench.scratch)


def test_rows_that_are_missing_are_a_mismatch(live: Postgres, bench: Bench) -> None:
    test = a_test(live, "custom", checks=[{"rows": "orders", "at_least": ROWS + 1}, {"rows": "nowhere", "equals": 0}])

    assert bench.run(test) == 1

    record = bench.record()
    assert record.last is not None
    assert (record.last.rows, record.last.mismatches) == (ROWS, 2)
    assert f"expected at least {ROWS + 1}, found {ROWS}" in bench.said[1]


def test_a_check_cannot_write(live: Postgres, bench: Bench) -> None:
    test = a_test(live, "custom", checks=[{"query": "delete from orders returning 1", "equals": 1}])

    assert bench.run(test) == 1
    assert "read-only" in bench.said[1]


def into(live: Postgres, bench: Bench, database: str = "restored") -> dict[str, Any]:
    (bench.folder / "password").write_text(PASSWORD)
    where = {"host": str(live.folder), "port": live.port, "user": "watcher", "password_file": "password"}
    return {**where, "database": database}


def test_a_dump_restored_into_a_scratch_database(live: Postgres, bench: Bench) -> None:
    before = live_facts(live)

    assert bench.run(a_test(live, "custom", into=into(live, bench))) == 0, bench.said

    assert live_facts(live) == before


def test_a_database_that_is_there_is_refused_and_not_touched(live: Postgres, bench: Bench) -> None:
    assert bench.run(a_test(live, "custom", into=into(live, bench, "app"))) == 1
    assert "not ours" in bench.said[0]
    assert live.sql("select i from live", "app") == "1"


def test_a_live_database_is_refused_by_what_the_servers_say(live: Postgres, bench: Bench, tmp_path: Path) -> None:
    """By another socket folder, a link, it is still the same server."""
    link = tmp_path / "s"
    link.symlink_to(live.folder)
    target = into(live, bench, "app")
    (bench.folder / "other").symlink_to(live.folder)

    assert (
        bench.run(a_test(live, "custom", into=target, live_databases=[{**target, "host": str(bench.folder / "other")}]))
        == 1
    )
    assert "live database" in bench.said[0]


def test_plain_sql_does_not_go_into_a_server_with_other_databases(live: Postgres, bench: Bench) -> None:
    assert bench.run(a_test(live, "plain", into=into(live, bench))) == 1
    assert "may reach other databases" in bench.said[0]
    assert "restored" not in live.sql("select string_agg(datname, ' ') from pg_database").split()


def start_slowly(live: Postgres, bench: Bench, tmp_path: Path, **more: Any) -> tuple[dict[str, Any], Any]:
    """Start a test whose pg_restore never ends."""
    shim = tmp_path / "bin"
    shim.mkdir()
    (shim / "pg_restore").write_text(f"#!/bin/sh\ntouch {tmp_path}/begun; exec sleep 61\n")
    (shim / "pg_restore").chmod(0o755)
    test = a_test(live, "custom", **more)
    return test, bench.start(test, PATH=f"{shim}:{os.environ['PATH']}")


@pytest.mark.parametrize("scratch", ["cluster", "database"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_ended_in_the_middle_nothing_is_left_after_the_next_run(
    live: Postgres, bench: Bench, tmp_path: Path, scratch: str, number: signal.Signals
) -> None:
    before = live_facts(live)
    more = {"into": into(live, bench)} if scratch == "database" else {}
    test, running = start_slowly(live, bench, tmp_path, **more)
    assert wait_until((tmp_path / "begun").exists, 60)

    running.send_signal(number)
    running.wait(60)

    record = bench.record()
    assert record.last is not None
    assert (record.last.ok, record.last_good) == (False, None)
    if number == signal.SIGTERM:
        assert running.returncode == 143
        assert (bench.left, live_facts(live), servers_in(bench.scratch)) == ([], before, False)
    assert bench.run(test) == 0, bench.said
    assert (bench.left, live_facts(live), servers_in(bench.scratch)) == ([], before, False)


def test_a_stanza_is_restored_with_all_wal_and_archives_nothing(
    archived: Postgres, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived.pgbackrest("stanza-create")
    archived.sql("create table orders (at timestamptz)")
    archived.pgbackrest("backup")
    archived.sql("insert into orders select now() from generate_series(1, 17)")
    written = float(archived.sql("select extract(epoch from max(at)) from orders"))
    archived.sql("select pg_switch_wal()")
    archived.pgbackrest("check")
    before = archived.pgbackrest("repo-ls", "--recurse", "archive"), archived.sql("select pg_postmaster_start_time()")
    (bench.folder / "cipher").write_text(CIPHER)
    where = {"config": str(archived.folder / "pgbackrest.conf"), "stanza": "main", "password_file": "cipher"}
    wanted = [{"rows": "orders", "equals": 17}]
    test = {"name": "main", "repository": "cold", "pgbackrest": where, "checks": wanted, "live": [str(archived.data)]}

    assert bench.run(test) == 0, bench.said

    record = bench.record()
    assert record.last_good is not None
    assert record.last_good.recovery_point == pytest.approx(written, abs=2)
    assert bench.left == []
    assert archived.pgbackrest("repo-ls", "--recurse", "archive") == before[0]
    assert archived.sql("select pg_postmaster_start_time()") == before[1]


@pytest.mark.skipif(USER is None, reason="not available: only root can run PostgreSQL as somebody else")
def test_postgresql_is_run_by_the_user_of_the_config(live: Postgres, bench: Bench) -> None:
    assert bench.run(a_test(live, "custom"), run_as="nobody") == 0, bench.said


def test_programs_in_plain_sql_do_not_run_as_us(live: Postgres, bench: Bench, tmp_path: Path) -> None:
    """A dump may hold commands of psql that run programs: they have the rights of whoever runs the scratch cluster."""
    place = bench.folder / "plain"
    place.mkdir()
    tmp_path.chmod(0o700)
    text = (live.folder / "in/plain/orders.sql").read_text()
    (place / "orders.sql").write_text(text.replace("\nSET ", f"\n\\! touch {tmp_path}/ran\nSET ", 1))
    (place / "orders.sql").chmod(0o600)

    code = bench.run({**a_test(live, "plain"), "dumps": {"directory": str(place)}})

    assert (tmp_path / "ran").exists() is (USER is None)
    assert code == 0 or "ran" in bench.said[0]


def test_a_subscription_in_a_base_backup_takes_nothing_from_the_publisher(live: Postgres, bench: Bench) -> None:
    place = bench.folder / "base"
    place.mkdir()
    subscription = f"create subscription s connection 'host={live.folder} port={live.port} dbname=app' publication p"
    live.sql("create publication p", "app")
    live.sql(f"{subscription} with (connect = false, slot_name = 's'); alter subscription s enable")
    try:
        subprocess.run(["chmod", "777", str(place)], check=True)
        live.run("pg_basebackup", "-D", f"{place}/orders", "-c", "fast", "-T", f"{live.folder}/space={place}/moved")
    finally:
        live.sql("alter subscription s disable; alter subscription s set (slot_name = none); drop subscription s")
        live.sql("drop publication p", "app")
    workers = "select count(*) from pg_stat_activity where backend_type like 'logical replication%'"
    test = a_test(live, "base", checks=[{"rows": "orders", "equals": ROWS}, {"query": workers, "equals": 0}])

    assert bench.run({**test, "dumps": {"directory": str(place), "files": "orders"}}) == 0, bench.said


def test_a_process_that_got_the_number_of_a_dead_server_is_not_stopped(live: Postgres, bench: Bench) -> None:
    """After a reboot the number in a scratch place that was left behind may be the live server's."""
    left = bench.scratch / "watchbill-restore"
    (left / "pg").mkdir(parents=True)
    (left / ".made-by-watchbill-restore-test").touch()
    (left / "pg" / "postmaster.pid").write_text((live.data / "postmaster.pid").read_text())
    before = live_facts(live)

    assert bench.run(a_test(live, "custom")) == 0, bench.said

    assert live_facts(live) == before
