"""Workers that come and go: memory is bounded, and silence is told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from lab.process import wait_until
from tests.exporters.queue.worlds import World, redis_target
from watchbill_exporters.queue.catalogue import Slot
from watchbill_exporters.queue.celery.config import CeleryConfig
from watchbill_exporters.queue.celery.workers import MOST_EARLY, MOST_TASKS, MOST_WORKERS, Workers
from watchbill_exporters.queue.links.redis import RedisConfig

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.redis_server import Redis


def workers(**more: Any) -> Workers:
    found = Workers(CeleryConfig(RedisConfig("redis://h"), **more))
    found.listening(0.0)
    return found


def beat(host: str, active: int = 0) -> dict[str, Any]:
    return {"type": "worker-heartbeat", "hostname": host, "active": active}


def task(kind: str, number: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "hostname": "one", "uuid": str(number), "timestamp": 100.0 + number, **more}


def test_before_all_workers_could_be_heard_none_are_counted() -> None:
    found = workers()
    found.take(beat("one"), 1.0)
    assert found.queues(3.9)["celery"].workers is None
    assert found.queues(4.0)["celery"].workers == 1


def test_without_a_connection_nothing_is_said_of_workers() -> None:
    found = workers()
    found.take(beat("one"), 1.0)
    found.listening(None)
    assert found.queues(9.0)["celery"].workers is None


def test_a_silent_worker_is_stalled_then_forgotten_and_one_that_says_goodbye_is_neither() -> None:
    found = workers()
    for host in ("one", "two"):
        found.take(beat(host, active=3), 1.0)
    found.take({"type": "worker-offline", "hostname": "two"}, 2.0)
    assert (found.queues(11.0)["celery"].workers, found.queues(11.0)["celery"].stalled) == (1, 0)
    assert (found.queues(11.1)["celery"].workers, found.queues(11.1)["celery"].stalled) == (0, 1)
    assert (found.queues(301.1)["celery"].workers, found.queues(301.1)["celery"].stalled) == (0, 0)


def test_slots_are_told_only_where_it_is_known_how_many_there_are() -> None:
    for concurrency, slots in ((None, {}), (4, {Slot.BUSY: 3, Slot.IDLE: 5}), (1, {Slot.BUSY: 3, Slot.IDLE: 0})):
        found = workers(concurrency=concurrency)
        found.take(beat("one", active=3), 1.0)
        found.take(beat("two"), 1.0)
        assert found.queues(4.0)["celery"].slots == slots


def test_a_hundred_thousand_workers_and_tasks_take_bounded_memory() -> None:
    found = workers(events=True)
    for number in range(100_000):
        found.take(beat(f"worker-{number}"), 1.0)
        found.take(task("task-sent", number, queue="celery"), 1.0)
        found.take(task("task-sent", number + 1_000_000, queue="celery"), 1.0)
    assert len(found._workers) == MOST_WORKERS
    assert len(found._sent) == MOST_TASKS
    assert found.queues(9.0)["celery"].enqueued == 200_000


@pytest.mark.parametrize("queues", [("celery",), ("celery", "other")], ids=["one queue", "two queues"])
def test_what_a_worker_says_before_the_sender_does_is_counted_too(queues: tuple[str, ...]) -> None:
    found = workers(events=True, queues=queues)
    found.take(task("task-started", 1) | {"timestamp": 103.0}, 1.0)
    found.take(task("task-succeeded", 1, runtime=0.25), 1.0)
    found.take(task("task-sent", 1, queue="celery") | {"timestamp": 101.0}, 1.0)
    queue = found.queues(9.0)["celery"]
    assert queue.wait is not None
    assert queue.run is not None
    assert (queue.enqueued, queue.finished) == (1, 1)
    assert (queue.wait.buckets[-1][1], queue.wait.total) == (1, 2.0)
    assert (queue.run.buckets[-1][1], queue.run.total) == (1, 0.25)


def test_what_is_said_of_tasks_that_nobody_says_to_have_sent_takes_bounded_memory() -> None:
    found = workers(events=True)
    for number in range(MOST_EARLY + 9):
        found.take(task("task-started", number), 1.0)
    found.take(task("task-sent", MOST_EARLY, queue="elsewhere"), 1.0)
    assert len(found._early) == MOST_EARLY - 1


def test_events_that_make_no_sense_are_passed_over() -> None:
    found = workers(events=True)
    odd: list[dict[str, Any]] = [{}, {"type": 3}, {"type": "task-sent"}, task("task-sent", 1, queue=3)]
    odd += [{"type": "task-failed", "hostname": "h", "uuid": "u", "timestamp": "now"}, task("task-sent", 2, queue="x")]
    for event in odd:
        found.take(event, 1.0)
    queue = found.queues(9.0)["celery"]
    assert (queue.enqueued, queue.failed) == (None, 0)


def test_the_listener_ends_with_its_target(redis: Redis, tmp_path: Path) -> None:
    with World(tmp_path / "w", **redis_target("celery", redis)) as world:
        assert world.values()
        assert any(thread.name == "celery events" for thread in threading.enumerate())
    assert wait_until(lambda: not any(thread.name == "celery events" for thread in threading.enumerate()), 60)
