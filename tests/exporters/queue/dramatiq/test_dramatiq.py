"""dramatiq's own brokers and workers on a real Redis, read with the shipped ACL."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dramatiq
import pytest
from dramatiq.brokers.redis import RedisBroker
from redis import Redis as Client

from lab.process import Service, wait_until
from lab.toolchain import ROOT
from tests.exporters.queue.worlds import World, redis_target
from watchbill_exporters.queue.dramatiq.client import eligible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.exporters.redis_server import Redis


class Worker(Service):
    def __init__(self, folder: Path, redis: Redis) -> None:
        env = ["env", f"BROKER=redis://127.0.0.1:{redis.port}/0", f"PYTHONPATH={ROOT}"]
        module = [sys.executable, "-m", "dramatiq", "tests.exporters.queue.dramatiq.actors"]
        super().__init__([*env, *module, "--processes", "1", "--threads", "1"], folder, "worker")

    def stop(self, patience: float = 2) -> None:
        """End it with its children, which would finish what they do and outlive the test."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text(encoding="utf-8")
        super().stop(patience)
        for pid in map(int, children.split()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def is_ready(self) -> bool:
        return "is ready for action" in (self.folder / f"{self.name}.log").read_text(encoding="utf-8")


@pytest.fixture
def broker(redis: Redis) -> Iterator[RedisBroker]:
    found = RedisBroker(url=f"redis://127.0.0.1:{redis.port}/0")  # type: ignore[no-untyped-call]
    yield found
    found.close()


@pytest.fixture
def world(redis: Redis, tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "w", **redis_target("dramatiq", redis, queues=["default", "other"])) as running:
        yield running


def send(broker: RedisBroker, actor: str, *args: Any, delay: int | None = None) -> dramatiq.Message[Any]:
    message: dramatiq.Message[Any] = dramatiq.Message(
        queue_name="default", actor_name=actor, args=args, kwargs={}, options={}
    )
    broker.declare_queue("default")
    broker.enqueue(message, delay=delay)
    return message


def test_messages_are_counted_where_they_stand(redis: Redis, broker: RedisBroker, world: World, tmp_path: Path) -> None:
    first = send(broker, "nap")
    for _ in range(62):
        send(broker, "nap")
    for _ in range(5):
        send(broker, "nap", delay=3_600_000)
    assert world.jobs("default") == {"ready": 63, "delayed": 5, "running": 0, "dead": 0}
    assert world.jobs("other") == {"ready": 0, "delayed": 0, "running": 0, "dead": 0}
    oldest = world.value("queue_oldest_ready_timestamp_seconds", queue="default")
    assert oldest == first.message_timestamp / 1000
    assert world.value("queue_age_exact", queue="default") == 1
    assert world.value("queue_workers", queue="default") is None  # whoever sends looks like a worker

    with Worker(tmp_path / "worker", redis):
        assert wait_until(lambda: world.jobs("default") == {"ready": 0, "delayed": 5, "running": 0, "dead": 0}, 60)
        assert world.value("queue_oldest_ready_timestamp_seconds", queue="default") is None
        for _ in range(3):
            send(broker, "fail")
        assert wait_until(lambda: world.jobs("default")["dead"] == 3, 60)
        send(broker, "nap", 30)
        assert wait_until(lambda: world.jobs("default")["running"] == 1, 60)


def test_a_dead_worker_that_holds_messages_is_stalled(redis: Redis, world: World) -> None:
    with Client(port=redis.port) as client:
        beats = {"dead": (time.time() - 61) * 1000, "alive": time.time() * 1000, "gone": 1.0}
        client.zadd("dramatiq:__heartbeats__", beats)
        client.sadd("dramatiq:__acks__.dead.default", "a", "b", "c")
        client.sadd("dramatiq:__acks__.alive.default", "d")
        client.sadd("dramatiq:__acks__.alive.default.DQ", "e", "f")
    assert world.jobs("default") == {"ready": 0, "delayed": 2, "running": 4, "dead": 0}
    assert world.value("queue_workers_stalled", queue="default") == 1
    assert world.value("queue_workers_stalled", queue="other") == 0


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        (b'{"message_timestamp": 3500, "options": {}}', 3.5),
        (b'{"message_timestamp": 3500, "options": {"eta": 7250}}', 7.25),
        (b'{"options": {}}', None),
        (b"\x80pickled", None),
        (b"3", None),
        (None, None),
    ],
)
def test_a_message_could_run_since_its_time_or_its_eta(raw: bytes | None, seconds: float | None) -> None:
    assert eligible(raw) == seconds
