"""The queue exporter tells whether the backlog drains."""

from __future__ import annotations

from watchbill_exporters.core.contract import Exporter
from watchbill_exporters.queue.celery import CELERY
from watchbill_exporters.queue.dbos import DBOS
from watchbill_exporters.queue.dramatiq import DRAMATIQ
from watchbill_exporters.queue.keys import KEYS
from watchbill_exporters.queue.nats import NATS
from watchbill_exporters.queue.procrastinate import PROCRASTINATE
from watchbill_exporters.queue.rabbitmq import RABBITMQ
from watchbill_exporters.queue.rq import RQ
from watchbill_exporters.queue.sql import SQL
from watchbill_exporters.queue.temporal import TEMPORAL

EXPORTER = Exporter(
    name="queue",
    prefix="queue",
    about="Depth, age, workers and schedules of queues.",
    port=9841,
    sources=(CELERY, RQ, DRAMATIQ, PROCRASTINATE, DBOS, RABBITMQ, NATS, TEMPORAL, SQL, KEYS),
)
