"""Temporal: task queues and schedules, asked of the frontend."""

from watchbill_exporters.queue.source import QueueSource
from watchbill_exporters.queue.temporal.client import TemporalClient
from watchbill_exporters.queue.temporal.config import TemporalSection, resolved

TEMPORAL = QueueSource("temporal", TemporalSection, resolved, TemporalClient)
