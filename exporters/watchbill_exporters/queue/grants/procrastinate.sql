-- What the queue exporter may read of procrastinate. Run it in its database as the owner of its tables, after putting
-- the schema in place of public. Arguments of jobs (the column args) cannot be read.
CREATE ROLE watchbill LOGIN PASSWORD 'CHANGE-ME' CONNECTION LIMIT 5;
ALTER ROLE watchbill SET default_transaction_read_only = on;
ALTER ROLE watchbill SET statement_timeout = '10s';
GRANT USAGE ON SCHEMA public TO watchbill;
GRANT SELECT (id, queue_name, status, scheduled_at, attempts) ON public.procrastinate_jobs TO watchbill;
GRANT SELECT (id, job_id, type, at) ON public.procrastinate_events TO watchbill;
GRANT SELECT (task_name, defer_timestamp) ON public.procrastinate_periodic_defers TO watchbill;
GRANT SELECT (last_heartbeat) ON public.procrastinate_workers TO watchbill;
