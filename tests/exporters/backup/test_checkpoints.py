"""Tables as LangGraph's checkpointers lay them out, in a real PostgreSQL and in SQLite."""

from __future__ import annotations

import sqlite3
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from lab.process import wait_until
from tests.exporters.backup.place import page, reasons, scrape, shown, write
from tests.exporters.backup.postgres_server import PASSWORD, Postgres
from tests.exporters.running import Exporting
from watchbill_exporters.backup import EXPORTER
from watchbill_exporters.backup.stores.checkpoints import GREGORIAN, checkpoint_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRITTEN = 1_790_000_222.5
TABLES = """
create table checkpoints (thread_id text not null, checkpoint_ns text not null default '', checkpoint_id text not null,
    parent_checkpoint_id text, type text, checkpoint jsonb not null, metadata jsonb not null default '{}',
    primary key (thread_id, checkpoint_ns, checkpoint_id));
create table checkpoint_blobs (thread_id text not null, checkpoint_ns text not null default '', channel text not null,
    version text not null, type text not null, blob bytea, primary key (thread_id, checkpoint_ns, channel, version));
create table checkpoint_writes (thread_id text not null, checkpoint_ns text not null default '',
    checkpoint_id text not null, task_id text not null, idx integer not null, channel text not null, type text,
    blob bytea not null, primary key (thread_id, checkpoint_ns, checkpoint_id, task_id, idx));
"""  # langgraph-checkpoint-postgres, migrations 1 to 3
SQLITE_TABLES = """
create table checkpoints (thread_id text not null, checkpoint_ns text not null default '', checkpoint_id text not null,
    parent_checkpoint_id text, type text, checkpoint blob, metadata blob,
    primary key (thread_id, checkpoint_ns, checkpoint_id));
create table writes (thread_id text not null, checkpoint_ns text not null default '', checkpoint_id text not null,
    task_id text not null, idx integer not null, channel text not null, type text, value blob,
    primary key (thread_id, checkpoint_ns, checkpoint_id, task_id, idx));
"""


def uuid6(at: float) -> str:
    """Return an id of version 6, as LangGraph makes them (RFC 9562, 5.6)."""
    ticks = int(at * 1e7) + GREGORIAN
    number = (ticks >> 12) << 80 | 6 << 76 | (ticks & 0xFFF) << 64 | 2 << 62 | 0x1234
    return str(uuid.UUID(int=number))


def fill(server: Postgres) -> None:
    server.sql(TABLES)
    for at in (WRITTEN - 60, WRITTEN, WRITTEN - 30):
        server.sql(f"insert into checkpoints values ('t', '', '{uuid6(at)}', null, null, '{{}}')")  # noqa: S608 - ids of ours
    server.sql(
        "insert into checkpoint_blobs select 't', '', 'c', i::text, 'x', convert_to(repeat(md5(i::text), 99), 'UTF8') "
        "from generate_series(1, 300) i"
    )
    server.sql(f"create role watcher login password '{PASSWORD}'; grant select on checkpoints to watcher")


@pytest.fixture
def target(postgres: Postgres, tmp_path: Path) -> dict[str, Any]:
    fill(postgres)
    (tmp_path / "password").write_text(PASSWORD)
    where = {"host": str(postgres.folder), "port": postgres.port, "user": "watcher", "password_file": "password"}
    return {"name": "agents", "kind": "checkpoints", "postgres": where, "refresh": "300ms", "timeout": "1s"}


def test_sizes_and_the_newest_checkpoint_in_postgresql(
    postgres: Postgres, target: dict[str, Any], tmp_path: Path
) -> None:
    text = page(write(tmp_path, {**target, "timeout": "20s"}))

    sizes = shown(text, "store_size_bytes")
    assert set(sizes) == {"agents/checkpoints", "agents/checkpoint_blobs", "agents/checkpoint_writes"}
    for table in ("checkpoints", "checkpoint_blobs"):
        assert sizes[f"agents/{table}"] == float(postgres.sql(f"select pg_total_relation_size('{table}')"))
    newest = shown(text, "store_newest_write_timestamp_seconds")
    assert newest == {"agents/checkpoints": pytest.approx(WRITTEN, abs=1e-5)}


@pytest.fixture
def exporting(target: dict[str, Any], tmp_path: Path) -> Iterator[Exporting]:
    with Exporting(EXPORTER, write(tmp_path, target)) as running:
        assert wait_until(lambda: shown(scrape(running), "backup_up") == {"agents": 1}, 60)
        yield running


def test_a_stopped_postgresql_is_a_timeout_and_comes_back(postgres: Postgres, exporting: Exporting) -> None:
    postgres.freeze()
    try:
        assert wait_until(lambda: reasons(scrape(exporting)) == {"agents": "timeout"}, 60)
        text = scrape(exporting)
    finally:
        postgres.freeze(go_on=True)

    assert shown(text, "store_size_bytes") == {}
    assert shown(text, "store_newest_write_timestamp_seconds")["agents/checkpoints"] == pytest.approx(WRITTEN, abs=1e-5)
    assert wait_until(lambda: shown(scrape(exporting), "backup_up") == {"agents": 1}, 60)


def test_a_wrong_password_is_auth_and_the_right_one_is_taken(exporting: Exporting, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open barley")
    assert wait_until(lambda: reasons(scrape(exporting)) == {"agents": "auth"}, 60)

    (tmp_path / "password").write_text(PASSWORD)

    assert wait_until(lambda: shown(scrape(exporting), "backup_up") == {"agents": 1}, 60)


def test_each_fault_has_its_reason(postgres: Postgres, target: dict[str, Any], tmp_path: Path) -> None:
    slow = {**target, "timeout": "20s"}
    postgres.sql("create schema other; create schema closed; create table closed.checkpoints (checkpoint_id text);"
                 "grant usage on schema closed to watcher")  # fmt: skip
    assert reasons(page(write(tmp_path, {**slow, "schema": "other"}))) == {"agents": "version"}
    assert reasons(page(write(tmp_path, {**slow, "schema": "closed"}))) == {"agents": "permission"}
    elsewhere = {**slow, "postgres": {**target["postgres"], "port": 5498}}
    assert reasons(page(write(tmp_path, elsewhere))) == {"agents": "connect"}


def test_asking_cannot_write(postgres: Postgres, target: dict[str, Any], tmp_path: Path) -> None:
    postgres.sql("alter table checkpoints rename to real; create function pg_temp_evil() returns text language sql as "
                 "'insert into checkpoint_blobs values (''t'', '''', ''c'', ''evil'', ''x'', null) returning version';"
                 "create view checkpoints as select pg_temp_evil() checkpoint_id; grant all on checkpoints to watcher;"
                 "grant all on checkpoint_blobs to watcher")  # fmt: skip

    text = page(write(tmp_path, {**target, "timeout": "20s"}))

    assert reasons(text) == {"agents": "parse"}  # cannot execute INSERT in a read-only transaction
    assert postgres.sql("select count(*) from checkpoint_blobs where version = 'evil'") == "0"


def test_sizes_and_the_newest_checkpoint_in_sqlite_while_it_is_written_to(tmp_path: Path) -> None:
    writer = sqlite3.connect(tmp_path / "agents.db", isolation_level=None)
    writer.execute("pragma journal_mode = wal")
    writer.executescript(SQLITE_TABLES)
    for at in (WRITTEN - 60, WRITTEN):
        writer.execute("insert into checkpoints values ('t', '', ?, null, null, ?, null)", (uuid6(at), b"x" * 20_000))
    writer.execute("begin immediate")
    writer.execute("insert into checkpoints values ('t', '', ?, null, null, null, null)", (uuid6(WRITTEN + 9),))

    text = page(write(tmp_path, {"name": "agents", "kind": "checkpoints", "sqlite": "agents.db"}))
    writer.execute("commit")

    assert shown(text, "backup_up") == {"agents": 1}
    assert 40_000 < shown(text, "store_size_bytes")["agents/checkpoints"] < 70_000
    newest = shown(text, "store_newest_write_timestamp_seconds")
    assert newest == {"agents/checkpoints": pytest.approx(WRITTEN, abs=1e-5)}
    writer.close()


def test_a_sqlite_file_under_an_exclusive_lock_is_locked(tmp_path: Path) -> None:
    writer = sqlite3.connect(tmp_path / "agents.db", isolation_level=None)
    writer.executescript(SQLITE_TABLES)
    writer.execute("begin exclusive")

    text = page(write(tmp_path, {"name": "agents", "kind": "checkpoints", "sqlite": "agents.db"}))

    assert reasons(text) == {"agents": "locked"}
    writer.close()


def test_the_time_in_an_id_is_exact_and_other_ids_tell_nothing() -> None:
    now = time.time()
    assert checkpoint_time(uuid6(now)) == pytest.approx(now, abs=1e-5)
    assert checkpoint_time(str(uuid.uuid4())) is None
    assert checkpoint_time("step-7") is None
    assert checkpoint_time(None) is None
