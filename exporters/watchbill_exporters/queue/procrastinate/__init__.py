"""procrastinate: jobs in PostgreSQL."""

from watchbill_exporters.queue.procrastinate.client import ProcrastinateClient
from watchbill_exporters.queue.procrastinate.config import ProcrastinateSection, resolved
from watchbill_exporters.queue.source import QueueSource

PROCRASTINATE = QueueSource("procrastinate", ProcrastinateSection, resolved, ProcrastinateClient)
