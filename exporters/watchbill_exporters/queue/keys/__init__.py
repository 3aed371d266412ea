"""Keys of a Redis that hold a queue nobody else knows of."""

from watchbill_exporters.queue.keys.client import KeysClient
from watchbill_exporters.queue.keys.config import KeysSection, resolved
from watchbill_exporters.queue.source import QueueSource

KEYS = QueueSource("redis", KeysSection, resolved, KeysClient)
