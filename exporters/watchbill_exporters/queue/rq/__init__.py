"""RQ: queues, registries, workers and cron schedulers, all in one Redis."""

from watchbill_exporters.queue.rq.client import RqClient
from watchbill_exporters.queue.rq.config import RqSection, resolved
from watchbill_exporters.queue.source import QueueSource

RQ = QueueSource("rq", RqSection, resolved, RqClient)
