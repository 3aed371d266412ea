-- What the queue exporter may read of DBOS. Run it in DBOS's system database as the owner of its tables.
-- Inputs, outputs and errors of workflows cannot be read.
CREATE ROLE watchbill LOGIN PASSWORD 'CHANGE-ME' CONNECTION LIMIT 5;
ALTER ROLE watchbill SET default_transaction_read_only = on;
ALTER ROLE watchbill SET statement_timeout = '10s';
GRANT USAGE ON SCHEMA dbos TO watchbill;
GRANT SELECT (version) ON dbos.dbos_migrations TO watchbill;
GRANT SELECT (name) ON dbos.queues TO watchbill;
GRANT SELECT (schedule_name, last_fired_at) ON dbos.workflow_schedules TO watchbill;
GRANT SELECT (workflow_uuid, status, queue_name, created_at, started_at_epoch_ms, completed_at, delay_until_epoch_ms,
    parent_workflow_id) ON dbos.workflow_status TO watchbill;
