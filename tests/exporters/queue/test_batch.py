"""Commands in one round trip, on a real Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from redis.exceptions import ResponseError

from watchbill_exporters.queue.links.batch import Batch
from watchbill_exporters.queue.links.redis import RedisConfig, connected

if TYPE_CHECKING:
    from tests.exporters.redis_server import Redis


def test_replies_come_in_the_order_of_the_commands_whatever_bytes_they_hold(redis: Redis) -> None:
    odd = b"\xff\r\n$3\r\n\x00 odd"
    with connected(RedisConfig(f"redis://127.0.0.1:{redis.port}/0"), 5.0) as client:
        batch = Batch(client)
        batch.add("SET", odd, odd)
        batch.add("GET", odd.decode(errors="surrogateescape"))
        batch.add("RPUSH", "list", 7, "é", "")
        batch.add("LRANGE", "list", 0, -1)
        assert batch.run() == [b"OK", odd, 3, [b"7", "é".encode(), b""]]
        assert batch.run() == []


def test_after_an_error_the_next_run_gets_its_own_replies(redis: Redis) -> None:
    with connected(RedisConfig(f"redis://127.0.0.1:{redis.port}/0"), 5.0) as client:
        batch = Batch(client)
        for words in (("SET", "text", "13"), ("LLEN", "text"), ("GET", "text")):
            batch.add(*words)
        with pytest.raises(ResponseError, match="WRONGTYPE"):
            batch.run()
        batch.add("STRLEN", "text")
        assert batch.run() == [2]
