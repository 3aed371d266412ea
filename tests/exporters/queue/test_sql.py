"""Queries of a user on a table of theirs, with a role that may read it and no more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.exporters.queue.worlds import LONG as PATIENCE
from tests.exporters.queue.worlds import PASSWORD, SHORT, World, postgres_target, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exporters.postgres_server import Postgres

TABLE = """
CREATE TABLE outbox (id serial, topic text, status text, at timestamptz, naive timestamp);
INSERT INTO outbox (topic, status, at) SELECT 'mail', 'todo', '2026-01-02 03:04:05+00' FROM generate_series(1, 13);
INSERT INTO outbox (topic, status, at) SELECT 'mail', 'doing', now() FROM generate_series(1, 3);
INSERT INTO outbox (topic, status, at) SELECT 'sms', 'broken', now() FROM generate_series(1, 5);
CREATE TABLE crons (name text, fired timestamp, due bigint);
INSERT INTO crons VALUES ('nightly', '2026-01-02 03:04:05', 1767400000), ('never', NULL, NULL);
CREATE ROLE watchbill LOGIN PASSWORD 'CHANGE-ME';
GRANT SELECT ON outbox, crons TO watchbill;
""".replace("CHANGE-ME", PASSWORD)
LONG = (
    "SELECT topic AS queue, CASE status WHEN 'todo' THEN 'ready' WHEN 'doing' THEN 'running' ELSE 'dead' END AS state, "
    "count(*) AS jobs FROM outbox GROUP BY 1, 2"
)
OLDEST = "SELECT topic AS queue, min(at) FILTER (WHERE status = 'todo') AS oldest_ready FROM outbox GROUP BY 1"
CRONS = "SELECT name AS schedule, fired AS last_fired, due AS next_due FROM crons"
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp()


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    with postgres.database("sql", TABLE) as name:
        yield name


def world(postgres: Postgres, database: str, folder: Path, *queries: str, **more: str) -> World:
    return World(folder / "w", **postgres_target("sql", postgres, database, queries=list(queries), **more))


def test_columns_are_what_their_names_say(postgres: Postgres, database: str, tmp_path: Path) -> None:
    with world(postgres, database, tmp_path, LONG, OLDEST, CRONS) as running:
        assert running.jobs("mail") == {"ready": 13, "running": 3}
        assert running.jobs("sms") == {"dead": 5}
        assert running.value("queue_oldest_ready_timestamp_seconds", queue="mail") == AT
        assert running.value("queue_oldest_ready_timestamp_seconds", queue="sms") is None
        assert running.value("queue_schedule_last_fired_timestamp_seconds", schedule="nightly") == AT
        assert running.value("queue_schedule_next_due_timestamp_seconds", schedule="nightly") == 1767400000
        assert running.value("queue_schedule_last_fired_timestamp_seconds", schedule="never") is None


def test_one_row_may_say_all_of_a_queue_that_the_config_names(
    postgres: Postgres, database: str, tmp_path: Path
) -> None:
    wide = "SELECT 13 AS ready, 0 AS delayed, 7.5::numeric AS enqueued, 3 AS workers, 2 AS slots_busy, NULL AS failed"
    with world(postgres, database, tmp_path, wide, queue="all") as running:
        assert running.jobs("all") == {"ready": 13, "delayed": 0}
        assert running.value("queue_enqueued_total", queue="all") == 7.5
        assert running.value("queue_workers", queue="all") == 3
        assert running.value("queue_worker_slots", queue="all", state="busy") == 2
        assert running.value("queue_failed_total", queue="all") is None


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT 1 AS queue, 3 AS readdy", "parse"),
        ("SELECT 'a' AS queue, 'lost' AS state, 3 AS jobs", "parse"),
        ("SELECT 'a' AS queue, 'many' AS ready", "parse"),
        ("SELECT 3 AS ready", "parse"),
        ("SELECT 'a' AS queue, n AS ready FROM generate_series(1, 10001) n", "parse"),
        ("SELEC", "parse"),
        ("SELECT 'a' AS queue, count(*) AS ready FROM gone", "version"),
        ("SELECT 'a' AS queue, count(*) AS ready FROM pg_authid", "permission"),
        ("SELECT 'a' AS queue, 1 AS ready FROM pg_sleep(5)", "timeout"),
        ("DELETE FROM outbox RETURNING 'a' AS queue, 1 AS ready", "permission"),
        ("CREATE TABLE mine (a int)", "permission"),
        ("SELECT 'a' AS queue, 1 / 0 AS ready", "parse"),
    ],
)
def test_a_query_that_cannot_be_used_is_told_and_nothing_is_shown(
    query: str, reason: str, postgres: Postgres, database: str, tmp_path: Path
) -> None:
    with world(postgres, database, tmp_path, LONG, query) as running:
        page = running.page(SHORT if reason == "timeout" else PATIENCE)
        assert reasons(page) == [reason]
        assert "queue_jobs{" not in page
