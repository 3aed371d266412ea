"""A real PostgreSQL that hangs, refuses, is killed and comes back: every source that reads one behaves alike."""

from __future__ import annotations

import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from lab.process import wait_until
from tests.exporters.queue.dbos.test_dbos import migrated
from tests.exporters.queue.procrastinate.test_procrastinate import SCHEMA
from tests.exporters.queue.test_sql import LONG, TABLE
from tests.exporters.queue.worlds import LONG as PATIENCE
from tests.exporters.queue.worlds import SHORT, World, grants, ours, postgres_target, reasons
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.errors import ScrapeError
from watchbill_exporters.queue.links.postgres import PostgresConfig, session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.exporters.postgres_server import Postgres


MIDDLING = 6.0  # seconds for a scrape in whose middle something happens
WAITING = "SELECT 1 FROM pg_stat_activity WHERE usename = 'watchbill' AND wait_event_type = 'Lock'"


@dataclass(frozen=True)
class Kind:
    """How to make a database of this kind, one of its tables, and what its target needs besides."""

    make: Callable[[Postgres], AbstractContextManager[str]]
    table: str
    more: dict[str, Any]


KINDS = {
    "procrastinate": Kind(
        lambda server: server.database("faults", SCHEMA, grants("procrastinate.sql")), "procrastinate_jobs", {}
    ),
    "dbos": Kind(lambda server: migrated(server, "faults"), "dbos.workflow_status", {}),
    "sql": Kind(lambda server: server.database("faults", TABLE), "outbox", {"queries": [LONG]}),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(kind: str, postgres: Postgres, tmp_path: Path) -> Iterator[World]:
    with (
        KINDS[kind].make(postgres) as database,
        World(tmp_path / "w", **postgres_target(kind, postgres, database, **KINDS[kind].more)) as running,
    ):
        assert running.values()
        yield running


def assert_down(world: World, reason: str, patience: float = PATIENCE) -> None:
    page = world.page(patience)
    assert reasons(page) == [reason]
    assert ours(page) == set()


def once_it_waits(postgres: Postgres, then: Callable[[], None]) -> threading.Thread:
    """Do something as soon as the exporter waits for a lock, which it does for half of its patience."""

    def work() -> None:
        with psycopg.connect(postgres.url(), autocommit=True) as connection:
            assert wait_until(lambda: connection.execute(WAITING).fetchall(), 30, 0.02)
        then()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def assert_back(world: World) -> None:
    assert wait_until(lambda: reasons(world.page()) == [], 60, 0.1)


def test_a_stopped_server_is_a_timeout_and_comes_back_by_itself(world: World, postgres: Postgres) -> None:
    postgres.signal(signal.SIGSTOP)
    try:
        assert_down(world, "timeout", SHORT)
        assert_down(world, "timeout", SHORT)
    finally:
        postgres.signal(signal.SIGCONT)
    assert_back(world)


def test_a_server_that_stops_in_the_middle_costs_no_thread(kind: str, world: World, postgres: Postgres) -> None:
    table = KINDS[kind].table
    with psycopg.connect(postgres.url("faults")) as blocker:
        blocker.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
        freezer = once_it_waits(postgres, lambda: postgres.signal(signal.SIGSTOP))
        try:
            assert_down(world, "timeout", MIDDLING)
            freezer.join()
            assert wait_until(lambda: not any(t.name == "read main" for t in threading.enumerate()), 60)
        finally:
            postgres.signal(signal.SIGCONT)
    assert_back(world)


def test_a_table_that_a_migration_holds_is_locked(kind: str, world: World, postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("faults")) as migration:
        migration.execute(f"LOCK TABLE {KINDS[kind].table} IN ACCESS EXCLUSIVE MODE".encode())
        assert_down(world, "locked", SHORT)
    assert_back(world)


def test_a_killed_server_is_connect_and_its_successor_is_read(world: World, postgres: Postgres) -> None:
    postgres.kill()
    try:
        assert_down(world, "connect")
    finally:
        postgres.start()
    assert_back(world)


def test_a_server_killed_in_the_middle_is_connect(kind: str, world: World, postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("faults")) as blocker:
        blocker.execute(f"LOCK TABLE {KINDS[kind].table} IN ACCESS EXCLUSIVE MODE".encode())
        killer = once_it_waits(postgres, postgres.kill)
        try:
            assert_down(world, "connect")
        finally:
            killer.join()
            postgres.start()
            blocker.close()
    assert_back(world)


def test_a_wrong_password_is_auth_and_the_right_one_is_taken_at_once(world: World, postgres: Postgres) -> None:
    postgres.run("ALTER ROLE watchbill PASSWORD 'another-odd-one'")
    assert_down(world, "auth")
    (world.config.parent / "password").write_text("another-odd-one\n", encoding="utf-8")
    assert_back(world)


def test_a_user_that_is_not_there_is_auth(world: World) -> None:
    world.write(username="nobody-here")
    world.running.runtime.reload()
    assert_down(world, "auth")


def test_a_right_that_was_taken_away_is_permission(kind: str, world: World, postgres: Postgres) -> None:
    postgres.run(f"REVOKE ALL ON {KINDS[kind].table} FROM watchbill", database="faults")
    assert_down(world, "permission")


def test_a_session_may_not_write_and_is_bounded_on_the_server(postgres: Postgres) -> None:
    superuser = PostgresConfig(f"postgresql://127.0.0.1:{postgres.port}/postgres", "postgres")
    deadline = Deadline.after(30.0, Clock())
    with session(superuser, deadline) as connection:
        settings = connection.execute(
            "SELECT current_setting('statement_timeout'), current_setting('transaction_isolation')"
        ).fetchall()
        assert settings[0][0].endswith("ms")
        assert 20_000 < int(settings[0][0].removesuffix("ms")) <= 30_000
        assert settings[0][1] == "repeatable read"
    with pytest.raises(ScrapeError, match="read-only transaction"), session(superuser, deadline) as connection:
        connection.execute("CREATE TABLE t (a int)")
