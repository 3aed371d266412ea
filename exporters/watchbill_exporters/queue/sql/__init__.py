"""Queries of yours on PostgreSQL whose columns are named as what they tell."""

from watchbill_exporters.queue.source import QueueSource
from watchbill_exporters.queue.sql.client import SqlClient
from watchbill_exporters.queue.sql.config import SqlSection, resolved

SQL = QueueSource("sql", SqlSection, resolved, SqlClient)
