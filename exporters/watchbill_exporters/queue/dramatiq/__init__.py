"""dramatiq with Redis as its broker."""

from watchbill_exporters.queue.dramatiq.client import DramatiqClient
from watchbill_exporters.queue.dramatiq.config import DramatiqSection, resolved
from watchbill_exporters.queue.source import QueueSource

DRAMATIQ = QueueSource("dramatiq", DramatiqSection, resolved, DramatiqClient)
