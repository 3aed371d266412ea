"""Capacity kinds. A new kind is its package, its tests, and one line in `AnyCapacity`, `KINDS` and `CODES`."""

from typing import Annotated

from pydantic import Field

from watchbill.kinds.capacity import fanout, pool, queue, store
from watchbill.kinds.capacity.fanout import Fanout
from watchbill.kinds.capacity.pool import Pool
from watchbill.kinds.capacity.queue import Queue
from watchbill.kinds.capacity.store import Store

KINDS = (Queue, Fanout, Pool, Store)

AnyCapacity = Annotated[Queue | Fanout | Pool | Store, Field(discriminator="kind")]

CODES = (*queue.CODES, *fanout.CODES, *pool.CODES, *store.CODES)

__all__ = ["CODES", "KINDS", "AnyCapacity", "Fanout", "Pool", "Queue", "Store"]
