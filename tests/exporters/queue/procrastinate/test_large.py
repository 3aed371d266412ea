"""A million finished jobs beside twenty thousand that wait: a scrape reads the live ones only."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

import pytest

from lab.process import wait_until
from tests.exporters.queue.procrastinate.test_procrastinate import SCHEMA
from tests.exporters.queue.worlds import World, grants, postgres_target

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.postgres_server import Postgres

WAITING, QUEUES = 20_000, 7
FILL = """
SET session_replication_role = replica;
INSERT INTO procrastinate_jobs (queue_name, task_name, status)
SELECT 'q' || n % 7, 'nap', CASE WHEN n <= 1000000 THEN 'succeeded' ELSE 'todo' END::procrastinate_job_status
FROM generate_series(1, 1020000) n;
INSERT INTO procrastinate_events (job_id, type, at)
SELECT id, 'deferred', now() - interval '1 h' FROM procrastinate_jobs;
INSERT INTO procrastinate_events (job_id, type, at)
SELECT id, kind::procrastinate_job_event_type, now() - interval '1 min' FROM procrastinate_jobs,
unnest(ARRAY['started', 'succeeded']) kind WHERE status = 'succeeded';
"""
MOST_MS = 50.0
SCRAPES, PATIENCE = 15, 120.0


@pytest.mark.slow
def test_a_scrape_of_a_large_table_takes_at_most_fifty_milliseconds(postgres: Postgres, tmp_path: Path) -> None:
    with postgres.database("large", SCHEMA, grants("procrastinate.sql"), FILL) as database:
        postgres.run("VACUUM ANALYZE", database=database)
        with World(tmp_path / "w", **postgres_target("procrastinate", postgres, database)) as world:
            assert sum(world.jobs(f"q{index}")["ready"] for index in range(QUEUES)) == WAITING
            taken: list[float] = []

            def one_is_quick() -> bool:
                begun = time.monotonic()
                world.running.get()
                taken.append((time.monotonic() - begun) * 1000)
                return len(taken) >= SCRAPES and min(taken) <= MOST_MS

            # the best of them: what else the machine does is not the exporter's
            assert wait_until(one_is_quick, PATIENCE, 0.05), sorted(taken)
            print(f"scrape: best {min(taken):.1f} ms, median {median(taken):.1f} ms of {len(taken)}")
