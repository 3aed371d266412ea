"""Background jobs: a real Celery on a real Redis, with workers as processes."""

from compose.simulator.queues.theme import Queues

__all__ = ["Queues"]
