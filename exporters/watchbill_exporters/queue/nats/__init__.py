"""NATS JetStream by its monitoring page: a consumer of a stream is a queue."""

from watchbill_exporters.queue.nats.client import NatsClient
from watchbill_exporters.queue.nats.config import NatsSection, resolved
from watchbill_exporters.queue.source import QueueSource

NATS = QueueSource("nats", NatsSection, resolved, NatsClient)
