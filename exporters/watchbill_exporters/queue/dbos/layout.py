"""The tables of DBOS, and the queries on them: by partial indexes, so that finished workflows cost nothing."""

from __future__ import annotations

BIG, TEXT = "bigint", "text"
STATUS, SCHEDULES, QUEUES, MIGRATIONS = "workflow_status", "workflow_schedules", "queues", "dbos_migrations"
TABLES = {
    MIGRATIONS: {"version": BIG},
    STATUS: {
        "workflow_uuid": TEXT,
        "status": TEXT,
        "queue_name": TEXT,
        "created_at": BIG,
        "started_at_epoch_ms": BIG,
        "completed_at": BIG,
        "delay_until_epoch_ms": BIG,
        "parent_workflow_id": TEXT,
    },
    SCHEDULES: {"schedule_name": TEXT, "last_fired_at": TEXT},
    QUEUES: {"name": TEXT},
}
VERSION = "SELECT max(version) FROM dbos_migrations"
NAMES = "SELECT name FROM queues ORDER BY name LIMIT 10000"

LIVE = """
WITH live AS (
    SELECT queue_name, status, greatest(created_at, delay_until_epoch_ms) AS eligible, started_at_epoch_ms AS started
    FROM workflow_status WHERE status IN ('ENQUEUED', 'PENDING') AND queue_name IS NOT NULL
    UNION ALL
    SELECT queue_name,
        CASE WHEN delay_until_epoch_ms <= extract(epoch FROM now()) * 1000 THEN 'ENQUEUED' ELSE status END,
        greatest(created_at, delay_until_epoch_ms), NULL
    FROM workflow_status WHERE status = 'DELAYED' AND queue_name IS NOT NULL
)
SELECT queue_name,
    count(*) FILTER (WHERE status = 'ENQUEUED'),
    count(*) FILTER (WHERE status = 'DELAYED'),
    count(*) FILTER (WHERE status = 'PENDING'),
    (min(eligible) FILTER (WHERE status = 'ENQUEUED') / 1000.0)::float8,
    (min(started) FILTER (WHERE status = 'PENDING') / 1000.0)::float8
FROM live GROUP BY queue_name
"""
DEAD = """
SELECT queue_name, count(*) FROM workflow_status
WHERE status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' AND queue_name IS NOT NULL GROUP BY queue_name
"""

LATEST = "SELECT coalesce(max(created_at), 0), coalesce(max(completed_at), 0) FROM workflow_status"
CREATED = """
SELECT workflow_uuid, created_at, queue_name FROM workflow_status
WHERE created_at > %s AND queue_name IS NOT NULL ORDER BY created_at LIMIT %s
"""
COMPLETED = """
SELECT workflow_uuid, completed_at, queue_name, status,
    ((started_at_epoch_ms - greatest(created_at, delay_until_epoch_ms)) / 1000.0)::float8,
    ((completed_at - started_at_epoch_ms) / 1000.0)::float8
FROM workflow_status WHERE completed_at > %s AND queue_name IS NOT NULL ORDER BY completed_at LIMIT %s
"""

SCHEDULED = """
SELECT s.schedule_name, extract(epoch FROM s.last_fired_at::timestamptz)::float8,
    w.status NOT IN ('ENQUEUED', 'PENDING', 'DELAYED'),
    1 + (SELECT count(*) FROM workflow_status c WHERE c.parent_workflow_id = w.workflow_uuid)
FROM workflow_schedules s
LEFT JOIN workflow_status w ON w.workflow_uuid = 'sched-' || s.schedule_name || '-' || s.last_fired_at
"""
