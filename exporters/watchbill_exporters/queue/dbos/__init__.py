"""DBOS: durable workflows and their queues in PostgreSQL."""

from watchbill_exporters.queue.dbos.client import DbosClient
from watchbill_exporters.queue.dbos.config import DbosSection, resolved
from watchbill_exporters.queue.source import QueueSource

DBOS = QueueSource("dbos", DbosSection, resolved, DbosClient)
