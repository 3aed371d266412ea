"""A real Prometheus, in every version here, answers whether the backlog drains."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest
from redis import Redis as Client
from rq import Queue

from lab.process import wait_until
from tests.exporters.queue.rq.jobs import nap
from tests.exporters.queue.worlds import World, redis_target
from tests.exporters.test_prometheus import PATIENCE, a_job, scraping

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool
    from tests.exporters.redis_server import Redis

AGE = "max(time() - queue_oldest_ready_timestamp_seconds)"


@pytest.mark.slow
def test_it_tells_depth_and_age_and_that_nothing_waits_any_more(prometheus: Tool, redis: Redis, tmp_path: Path) -> None:
    with Client(port=redis.port) as client, World(tmp_path / "w", **redis_target("rq", redis)) as world:
        queue = Queue("default", connection=client)
        first = time.time()
        queue.enqueue(nap)
        second = time.time()
        for _ in range(62):
            queue.enqueue(nap)
        with scraping(prometheus, tmp_path, a_job(world.running, "queue")) as server:
            assert wait_until(lambda: server.query('queue_jobs{state="ready"} == 63'), PATIENCE)
            asked = time.time()
            ((_, age),) = server.query(AGE)
            assert asked - second - 0.1 <= age <= time.time() - first + 0.1
            redis.signal(signal.SIGSTOP)
            assert wait_until(lambda: server.query('queue_scrape_error{reason="timeout"} == 1'), PATIENCE)
            assert server.query("queue_jobs") == []
            redis.signal(signal.SIGCONT)
            assert wait_until(lambda: server.query("queue_up == 1"), PATIENCE)
            queue.empty()  # type: ignore[no-untyped-call]
            assert wait_until(lambda: server.query('queue_jobs{state="ready"} == 0'), PATIENCE)
            assert server.query(AGE) == []
