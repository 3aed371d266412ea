"""RabbitMQ by its management plugin: one page tells of all queues of a virtual host."""

from watchbill_exporters.queue.rabbitmq.client import RabbitClient
from watchbill_exporters.queue.rabbitmq.config import RabbitSection, resolved
from watchbill_exporters.queue.source import QueueSource

RABBITMQ = QueueSource("rabbitmq", RabbitSection, resolved, RabbitClient)
