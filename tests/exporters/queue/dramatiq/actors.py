"""Actors for dramatiq's workers; BROKER says where."""

import os
import time

import dramatiq
from dramatiq.brokers.redis import RedisBroker

URL = os.environ.get("BROKER", "redis://127.0.0.1:9/0")
dramatiq.set_broker(RedisBroker(url=URL))  # type: ignore[no-untyped-call]


@dramatiq.actor
def nap(seconds: float = 0.0) -> None:
    time.sleep(seconds)


@dramatiq.actor(max_retries=0)
def fail() -> None:
    raise RuntimeError("as asked")
