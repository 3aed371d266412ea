"""The tables of procrastinate as of migration 03.04.00 (version 3.10), and the queries on them.

It keeps no migration number in the database, so columns are checked. Of jobs only live rows are read, by the index over
`todo` and `doing`: a million finished rows beside them cost nothing.
"""

from __future__ import annotations

JOBS, EVENTS, DEFERS, WORKERS = (f"procrastinate_{name}" for name in ("jobs", "events", "periodic_defers", "workers"))
BIG, TIME, NAME = "bigint", "timestamp with time zone", "character varying"
TABLES = {
    JOBS: {
        "id": BIG,
        "queue_name": NAME,
        "status": "procrastinate_job_status",
        "scheduled_at": TIME,
        "attempts": "integer",
    },
    EVENTS: {"id": BIG, "job_id": BIG, "type": "procrastinate_job_event_type", "at": TIME},
    DEFERS: {"task_name": NAME, "periodic_id": NAME, "defer_timestamp": BIG},
    WORKERS: {"last_heartbeat": TIME},
}
STATUSES = {"todo", "doing", "succeeded", "failed", "cancelled", "aborting", "aborted"}
STATUS_LABELS = """
SELECT e.enumlabel FROM pg_catalog.pg_enum e
JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname = %s AND t.typname = 'procrastinate_job_status'
"""

NAMES = """
WITH RECURSIVE names AS (
    (SELECT queue_name FROM procrastinate_jobs ORDER BY queue_name LIMIT 1)
    UNION ALL
    SELECT (SELECT j.queue_name FROM procrastinate_jobs j WHERE j.queue_name > names.queue_name
            ORDER BY j.queue_name LIMIT 1)
    FROM names WHERE names.queue_name IS NOT NULL
)
SELECT queue_name FROM names WHERE queue_name IS NOT NULL LIMIT 10000
"""  # one step of the index a queue, not a scan of the table

# Of jobs with a time of their own the hundred earliest are looked at: one may have been put in after its time.
LIVE = """
WITH live AS MATERIALIZED (
    SELECT id, queue_name, status, attempts, scheduled_at FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
), counted AS (
    SELECT queue_name,
        count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())) AS ready,
        count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now() AND attempts = 0) AS delayed,
        count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now() AND attempts > 0) AS retry,
        count(*) FILTER (WHERE status = 'doing') AS running,
        min(id) FILTER (WHERE status = 'todo' AND scheduled_at IS NULL) AS first
    FROM live GROUP BY queue_name
), due AS (
    SELECT queue_name, id, scheduled_at,
        row_number() OVER (PARTITION BY queue_name ORDER BY scheduled_at) AS place
    FROM live WHERE status = 'todo' AND scheduled_at <= now()
), eligible AS (
    SELECT queue_name, min(greatest(due.scheduled_at, put.at)) AS at FROM due
    CROSS JOIN LATERAL (
        SELECT max(e.at) AS at FROM procrastinate_events e
        WHERE e.job_id = due.id AND e.type IN ('deferred', 'deferred_for_retry', 'retried')
    ) put
    WHERE due.place <= 100 GROUP BY queue_name
), begun AS (
    SELECT queue_name, min(started.at) AS at FROM live
    CROSS JOIN LATERAL (
        SELECT max(e.at) AS at FROM procrastinate_events e WHERE e.job_id = live.id AND e.type = 'started'
    ) started
    WHERE status = 'doing' GROUP BY queue_name
)
SELECT queue_name, ready, delayed, retry, running,
    extract(epoch FROM least(put.at, eligible.at))::float8, extract(epoch FROM begun.at)::float8
FROM counted
LEFT JOIN LATERAL (
    SELECT max(e.at) AS at FROM procrastinate_events e
    WHERE e.job_id = counted.first AND e.type IN ('deferred', 'deferred_for_retry', 'retried')
) put ON true
LEFT JOIN eligible USING (queue_name)
LEFT JOIN begun USING (queue_name)
"""

LAST_EVENT = "SELECT coalesce(max(id), 0) FROM procrastinate_events"
EVENTS_SINCE = """
SELECT e.id, e.type::text, j.queue_name, extract(epoch FROM e.at - before.at)::float8
FROM (SELECT id, job_id, type, at FROM procrastinate_events WHERE id > %s ORDER BY id LIMIT %s) e
JOIN procrastinate_jobs j ON j.id = e.job_id
LEFT JOIN LATERAL (
    SELECT max(p.at) AS at FROM procrastinate_events p
    WHERE p.job_id = e.job_id AND p.id < e.id AND CASE e.type
        WHEN 'started' THEN p.type IN ('deferred', 'deferred_for_retry', 'scheduled', 'retried')
        ELSE p.type = 'started' END
) before ON e.type IN ('started', 'succeeded', 'failed')
ORDER BY e.id
"""

PERIODIC = """
SELECT task_name, last, count(*) FROM (
    SELECT task_name, defer_timestamp, max(defer_timestamp) OVER (PARTITION BY task_name) AS last
    FROM procrastinate_periodic_defers
) p WHERE defer_timestamp = last GROUP BY task_name, last
"""
WORKERS_ALIVE = """
SELECT count(*) FILTER (WHERE last_heartbeat >= now() - %s * interval '1 second'),
       count(*) FILTER (WHERE last_heartbeat < now() - %s * interval '1 second')
FROM procrastinate_workers
"""
