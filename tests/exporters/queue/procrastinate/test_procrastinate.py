"""procrastinate's own tables, clients and workers on a real PostgreSQL, read with the shipped grants."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

import psycopg
import pytest
from procrastinate import App, SyncPsycopgConnector

from lab.process import Service, wait_until
from lab.toolchain import ROOT
from tests.exporters.queue.procrastinate.app import app as tasks
from tests.exporters.queue.worlds import World, grants, postgres_target, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exporters.postgres_server import Postgres

SCHEMA = (files("procrastinate") / "sql" / "schema.sql").read_text("utf-8")

QUICK = """
SELECT count(*) FROM procrastinate_events e JOIN procrastinate_events s USING (job_id)
WHERE e.type IN ('succeeded', 'failed') AND e.at - s.at <= interval '0.1 s'
AND s.id = (SELECT max(id) FROM procrastinate_events WHERE job_id = e.job_id AND type = 'started')
"""
TIMED = """
SET session_replication_role = replica;
INSERT INTO procrastinate_jobs (id, queue_name, task_name, status) VALUES (1001, 'naps', 'nap', 'succeeded');
INSERT INTO procrastinate_events (job_id, type, at)
SELECT 1001, kind::procrastinate_job_event_type, '2026-01-01'::timestamp + seconds * interval '1 s'
FROM (VALUES ('deferred', 0), ('scheduled', 10), ('started', 17), ('deferred_for_retry', 47),
('started', 50), ('succeeded', 150)) v (kind, seconds)
"""


class Worker(Service):
    def __init__(self, folder: Path, url: str, *queues: str) -> None:
        module = [sys.executable, "-m", "procrastinate", "--app=tests.exporters.queue.procrastinate.app.app", "-v"]
        options = ["worker", "--queues", ",".join(queues)]
        super().__init__(["env", f"DATABASE={url}", f"PYTHONPATH={ROOT}", *module, *options], folder, "worker")

    def is_ready(self) -> bool:
        return "Starting worker" in (self.folder / f"{self.name}.log").read_text(encoding="utf-8")


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    with postgres.database("jobs", SCHEMA, grants("procrastinate.sql")) as name:
        yield name


@pytest.fixture
def app(postgres: Postgres, database: str) -> Iterator[App]:
    with tasks.replace_connector(SyncPsycopgConnector(conninfo=postgres.url(database))) as found, found.open():
        yield found


@pytest.fixture
def world(postgres: Postgres, database: str, tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "w", **postgres_target("procrastinate", postgres, database)) as running:
        yield running


def test_jobs_are_counted_where_they_stand(postgres: Postgres, app: App, world: World, database: str) -> None:
    nap = app.configure_task("nap", queue="naps")
    later = datetime.now(UTC) + timedelta(hours=1)
    for _ in range(63):
        nap.defer()
    for _ in range(5):
        app.configure_task("nap", queue="naps", schedule_at=later).defer()
    for _ in range(7):
        app.configure_task("nap", queue="others").defer()
    postgres.run(
        "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id <= 11",
        "UPDATE procrastinate_jobs SET status = 'doing' WHERE id BETWEEN 12 AND 14",
        "UPDATE procrastinate_jobs SET attempts = 1, scheduled_at = now() + interval '1 h' WHERE id IN (15, 16)",
        database=database,
    )

    assert world.jobs("naps") == {"ready": 63 - 11 - 3 - 2, "delayed": 5, "retry": 2, "running": 3}
    assert world.jobs("others") == {"ready": 7, "delayed": 0, "retry": 0, "running": 0}


def test_the_oldest_is_the_one_that_could_run_for_longest(
    postgres: Postgres, app: App, world: World, database: str
) -> None:
    for _ in range(3):
        app.configure_task("nap", queue="naps").defer()
    postgres.run("UPDATE procrastinate_events SET at = '2026-01-02 03:04:05+00' WHERE job_id = 2", database=database)
    postgres.run("DELETE FROM procrastinate_jobs WHERE id = 1", database=database)
    deferred = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp()
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="naps") == deferred
    assert world.value("queue_age_exact", queue="naps") == 1

    postgres.run(
        "UPDATE procrastinate_jobs SET scheduled_at = '2025-12-31 00:00:00+00' WHERE id = 3", database=database
    )
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="naps") == deferred  # 3 was put in after its time
    postgres.run("UPDATE procrastinate_events SET at = '2025-12-30 00:00:00+00' WHERE job_id = 3", database=database)
    eligible = datetime(2025, 12, 31, tzinfo=UTC).timestamp()
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="naps") == eligible

    postgres.run("UPDATE procrastinate_jobs SET status = 'cancelled'", database=database)
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="naps") is None
    assert world.jobs("naps")["ready"] == 0


def test_workers_count_and_time_what_they_do(
    postgres: Postgres, app: App, world: World, database: str, tmp_path: Path
) -> None:
    assert world.value("queue_workers", queue="*") == 0
    for _ in range(5):
        app.configure_task("nap", queue="naps").defer(seconds=0.15)
    app.configure_task("fail", queue="naps").defer()
    app.configure_task("shaky", queue="naps").defer()
    with Worker(tmp_path / "worker", postgres.url(database), "naps") as worker:
        assert world.until("queue_finished_total", 5, queue="naps")
        assert world.until("queue_failed_total", 2, queue="naps")
        assert world.value("queue_enqueued_total", queue="naps") == 7
        assert world.value("queue_retried_total", queue="naps") == 1
        assert world.value("queue_workers", queue="*") == 1
        assert world.value("queue_wait_seconds_count", queue="naps") == 8
        assert world.value("queue_run_seconds_count", queue="naps") == 7
        with psycopg.connect(postgres.url(database)) as connection:
            ((quick,),) = connection.execute(QUICK).fetchall()
        assert quick <= 2
        assert world.value("queue_run_seconds_bucket", queue="naps", le="0.1") == quick
        app.configure_task("nap", queue="naps").defer(seconds=30)
        assert wait_until(lambda: world.jobs("naps")["running"] == 1, 60)
        begun = world.value("queue_oldest_running_timestamp_seconds", queue="naps")
        assert begun is not None
        assert 0 <= time.time() - begun < 20
        worker.kill()
    postgres.run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 s'", database=database)
    assert world.value("queue_workers", queue="*") == 0
    assert world.value("queue_workers_stalled", queue="*") == 1


def test_a_job_waits_from_when_it_could_run_and_runs_from_its_last_start(
    postgres: Postgres, world: World, database: str
) -> None:
    postgres.run("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('naps', 'nap')", database=database)
    assert world.value("queue_wait_seconds_count", queue="naps") == 0
    postgres.run(TIMED, database=database)
    assert world.value("queue_wait_seconds_count", queue="naps") == 2
    assert world.value("queue_wait_seconds_sum", queue="naps") == 7 + 3
    assert world.value("queue_run_seconds_sum", queue="naps") == 100
    assert world.value("queue_retried_total", queue="naps") == 1
    assert world.value("queue_finished_total", queue="naps") == 1


def test_an_event_that_becomes_visible_late_is_counted_once(
    postgres: Postgres, app: App, world: World, database: str
) -> None:
    app.configure_task("nap", queue="naps").defer()
    assert world.value("queue_enqueued_total", queue="naps") == 0  # before the first look
    with psycopg.connect(postgres.url(database)) as slow:
        slow.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('naps', 'nap')")
        app.configure_task("nap", queue="naps").defer()
        assert world.value("queue_enqueued_total", queue="naps") == 1
        slow.commit()
    for _ in range(3):
        assert world.value("queue_enqueued_total", queue="naps") == 2


def test_periodic_tasks_are_schedules_and_their_fan_out_is_counted(
    postgres: Postgres, world: World, database: str, tmp_path: Path
) -> None:
    assert world.values()
    with Worker(tmp_path / "worker", postgres.url(database), "ticks"):
        assert wait_until(lambda: (world.value("queue_schedule_fanout_jobs_count", schedule="tick") or 0) >= 2, 60, 0.7)
        values, now = world.values(), time.time()
    firing = values["queue_schedule_last_fired_timestamp_seconds", frozenset({("schedule", "tick")})]
    assert firing % 3 == 0
    assert -1 < now - firing < 30
    count = values["queue_schedule_fanout_jobs_count", frozenset({("schedule", "tick")})]
    assert values["queue_schedule_fanout_jobs_bucket", frozenset({("schedule", "tick"), ("le", "1.0")})] == 0
    assert values["queue_schedule_fanout_jobs_bucket", frozenset({("schedule", "tick"), ("le", "3.0")})] == count


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE procrastinate_jobs RENAME COLUMN scheduled_at TO due_at",
        "ALTER TABLE procrastinate_events ALTER COLUMN at TYPE text",
        "ALTER TYPE procrastinate_job_status ADD VALUE 'paused'",
        "ALTER TABLE procrastinate_workers RENAME TO procrastinate_agents",
    ],
)
def test_a_layout_that_is_not_known_is_version_and_nothing_is_guessed(
    change: str, postgres: Postgres, world: World, database: str
) -> None:
    assert world.values()
    postgres.run(change, database=database)
    page = world.page()
    assert reasons(page) == ["version"]
    assert "queue_jobs{" not in page


def test_arguments_of_jobs_cannot_be_read_with_the_shipped_grants(postgres: Postgres, database: str) -> None:
    conninfo = f"{postgres.url(database).replace('postgres@', 'watchbill:odd-sesame-7193@')}"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for statement in ("SELECT args FROM procrastinate_jobs", "SELECT * FROM procrastinate_jobs"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("CREATE TEMP TABLE t (a int)")
