"""Celery with Redis as its broker."""

from watchbill_exporters.queue.celery.client import CeleryClient
from watchbill_exporters.queue.celery.config import CelerySection, resolved
from watchbill_exporters.queue.source import QueueSource

CELERY = QueueSource("celery", CelerySection, resolved, CeleryClient)
