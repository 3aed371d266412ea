"""Capacity kinds. A new kind is its package, its tests, and one line in `AnyCapacity`, `KINDS` and `CODES`."""

from typing import Annotated

from pydantic import Field

from watchbill.kinds.capacity import queue, store
from watchbill.kinds.capacity.queue import Queue
from watchbill.kinds.capacity.store import Store

KINDS = (Queue, Store)

AnyCapacity = Annotated[Queue | Store, Field(discriminator="kind")]

CODES = (*queue.CODES, *store.CODES)

__all__ = ["CODES", "KINDS", "AnyCapacity", "Queue", "Store"]
