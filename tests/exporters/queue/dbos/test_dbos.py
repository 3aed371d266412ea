"""DBOS's own tables, clients and workers on a real PostgreSQL, read with the shipped grants."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from dbos import DBOSClient
from psycopg import sql

from lab.process import Service, wait_until
from lab.toolchain import ROOT
from tests.exporters.queue.worlds import PASSWORD, World, grants, postgres_target, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.exporters.postgres_server import Postgres


class App(Service):
    def __init__(self, folder: Path, url: str, *words: str) -> None:
        module = [sys.executable, "-m", "tests.exporters.queue.dbos.app", *words]
        super().__init__(["env", f"DATABASE={url}", f"PYTHONPATH={ROOT}", *module], folder, "app")

    def is_ready(self) -> bool:
        return "launched" in (self.folder / f"{self.name}.log").read_text(encoding="utf-8")


@contextmanager
def migrated(postgres: Postgres, name: str) -> Iterator[str]:
    """Make a system database as DBOS does, with the shipped grants."""
    with postgres.database(name) as database:
        dbos = [str(Path(sys.executable).with_name("dbos")), "migrate", "--sys-db-url", postgres.url(database)]
        subprocess.run(dbos, check=True, capture_output=True)
        postgres.run(grants("dbos.sql"), database=database)
        yield database


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    with migrated(postgres, "dbos") as name:
        yield name


@pytest.fixture
def client(postgres: Postgres, database: str) -> Iterator[DBOSClient]:
    found = DBOSClient(system_database_url=postgres.url(database))
    yield found
    found.destroy()


@pytest.fixture
def world(postgres: Postgres, database: str, tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "w", **postgres_target("dbos", postgres, database)) as running:
        yield running


def enqueue(client: DBOSClient, count: int, workflow: str, *args: Any, **options: Any) -> None:
    for _ in range(count):
        chosen: Any = {"workflow_name": workflow, "queue_name": "mail", **options}
        client.enqueue(chosen, *args)


def test_workflows_are_counted_where_they_stand(
    postgres: Postgres, client: DBOSClient, world: World, database: str
) -> None:
    before = time.time()
    enqueue(client, 63, "nap", 0.0)
    enqueue(client, 5, "nap", 0.0, delay_seconds=3600.0)
    assert world.jobs("mail") == {"ready": 63, "delayed": 5, "running": 0, "dead": 0}
    oldest = world.value("queue_oldest_ready_timestamp_seconds", queue="mail")
    assert oldest is not None
    assert before - 0.01 <= oldest <= time.time()
    assert world.value("queue_age_exact", queue="mail") == 1

    due = "UPDATE dbos.workflow_status SET delay_until_epoch_ms = 1767322000500 WHERE status = 'DELAYED'"
    early = "UPDATE dbos.workflow_status SET created_at = 1767321000250 WHERE status = 'DELAYED'"
    postgres.run(due, early, database=database)
    assert world.jobs("mail") == {"ready": 68, "delayed": 0, "running": 0, "dead": 0}
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="mail") == 1767322000.5

    postgres.run("UPDATE dbos.workflow_status SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'", database=database)
    assert world.jobs("mail") == {"ready": 0, "delayed": 0, "running": 0, "dead": 68}
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="mail") is None


def test_workers_count_and_time_what_they_do(
    postgres: Postgres, client: DBOSClient, world: World, database: str, tmp_path: Path
) -> None:
    enqueue(client, 1, "nap", 0.0)
    assert world.value("queue_enqueued_total", queue="mail") == 0  # before the first look
    with App(tmp_path / "app", postgres.url(database)):
        assert world.until("queue_finished_total", 1, queue="mail")
        done = 1
        enqueue(client, 3, "nap", 0.15)
        enqueue(client, 5, "fail")
        assert world.until("queue_failed_total", 5, queue="mail")
        assert world.until("queue_finished_total", done + 3, queue="mail")
        assert world.value("queue_enqueued_total", queue="mail") == 8
        assert world.value("queue_run_seconds_count", queue="mail") == done + 8
        with psycopg.connect(postgres.url(database)) as connection:
            ((quick,),) = connection.execute(
                "SELECT count(*) FROM dbos.workflow_status WHERE completed_at - started_at_epoch_ms <= 100"
            ).fetchall()
        assert quick <= done + 5
        assert world.value("queue_run_seconds_bucket", queue="mail", le="0.1") == quick
        assert world.jobs("fanned") == {"ready": 0, "delayed": 0, "running": 0, "dead": 0}
        enqueue(client, 1, "nap", 30.0)
        assert wait_until(lambda: world.jobs("mail")["running"] == 1, 60)
        begun = world.value("queue_oldest_running_timestamp_seconds", queue="mail")
        assert begun is not None
        assert 0 <= time.time() - begun < 20


def test_a_workflow_waits_from_when_it_could_run(
    postgres: Postgres, client: DBOSClient, world: World, database: str
) -> None:
    enqueue(client, 2, "nap", 0.0)
    assert world.value("queue_wait_seconds_count", queue="mail") == 0
    times = "created_at = 1767322000000, delay_until_epoch_ms = 1767322010000, started_at_epoch_ms = 1767322017000"
    ended = "status = 'SUCCESS', completed_at = 1767322117500"
    postgres.run(
        f"UPDATE dbos.workflow_status SET {times}, {ended} WHERE workflow_uuid = "  # noqa: S608 - of the test itself
        "(SELECT min(workflow_uuid) FROM dbos.workflow_status)",
        database=database,
    )
    assert world.value("queue_wait_seconds_sum", queue="mail") == 7
    assert world.value("queue_run_seconds_sum", queue="mail") == 100.5
    assert world.value("queue_finished_total", queue="mail") == 1


def test_a_schedule_tells_its_firings_and_their_fan_out(
    postgres: Postgres, world: World, database: str, tmp_path: Path
) -> None:
    name = "queue_schedule_fanout_jobs"
    with App(tmp_path / "app", postgres.url(database), "cron"):
        assert wait_until(lambda: (world.value(f"{name}_count", schedule="every-two") or 0) >= 2, 60, 0.1)
        values, schedule = world.values(), frozenset({("schedule", "every-two")})
        assert values[f"{name}_sum", schedule] / values[f"{name}_count", schedule] == 6  # itself and five it puts in
        fired = values["queue_schedule_last_fired_timestamp_seconds", schedule]
        assert fired % 2 == 0
        assert -1 < time.time() - fired < 30


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dbos.dbos_migrations SET version = 126",
        "DELETE FROM dbos.dbos_migrations",
        "ALTER TABLE dbos.workflow_status RENAME COLUMN delay_until_epoch_ms TO due",
        "ALTER TABLE dbos.queues RENAME TO lines",
    ],
)
def test_a_layout_that_is_not_known_is_version(change: str, postgres: Postgres, world: World, database: str) -> None:
    assert world.values()
    postgres.run(change, database=database)
    assert reasons(world.page()) == ["version"]


def test_a_newer_migration_is_read_once_somebody_vouches_for_it(
    postgres: Postgres, world: World, database: str
) -> None:
    postgres.run("UPDATE dbos.dbos_migrations SET version = 131", database=database)
    assert reasons(world.page()) == ["version"]
    world.write(newest_migration=131)
    world.running.runtime.reload()
    assert world.values()


def test_inputs_of_workflows_cannot_be_read_with_the_shipped_grants(postgres: Postgres, database: str) -> None:
    conninfo = postgres.url(database).replace("postgres@", f"watchbill:{PASSWORD}@")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for column in ("inputs", "output", "error", "authenticated_user"):
            query = sql.SQL("SELECT {} FROM dbos.workflow_status").format(sql.Identifier(column))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(query)
