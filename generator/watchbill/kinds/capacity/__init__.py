"""Capacity kinds. A new kind is its package, its tests, and one line in `AnyCapacity`, `KINDS` and `CODES`."""

from watchbill.kinds.capacity import queue
from watchbill.kinds.capacity.queue import Queue

KINDS = (Queue,)

AnyCapacity = Queue

CODES = (*queue.CODES,)

__all__ = ["CODES", "KINDS", "AnyCapacity", "Queue"]
