"""RQ's own queues and workers on a real Redis, read with the shipped ACL."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from redis import Redis as Client
from rq import Queue

from lab.process import Service, wait_until
from lab.toolchain import ROOT
from tests.exporters.queue.rq.jobs import fail, nap
from tests.exporters.queue.worlds import World, redis_target
from watchbill_exporters.queue.rq.moment import unix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exporters.redis_server import Redis


class Program(Service):
    """`rq worker` or `rq cron`."""

    def __init__(self, folder: Path, redis: Redis, ready: str, *words: str) -> None:
        self._ready = ready
        rq = [sys.executable, "-m", "rq.cli", words[0], "--url", f"redis://127.0.0.1:{redis.port}/0", *words[1:]]
        super().__init__(["env", f"PYTHONPATH={ROOT}", *rq], folder, "rq-" + words[0])

    def is_ready(self) -> bool:
        return self._ready in (self.folder / f"{self.name}.log").read_text(encoding="utf-8")


def worker(folder: Path, redis: Redis, *queues: str) -> Program:
    return Program(folder, redis, "Listening on", "worker", *queues)


@pytest.fixture
def client(redis: Redis) -> Iterator[Any]:
    with Client(port=redis.port) as found:
        yield found


@pytest.fixture
def world(redis: Redis, tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "w", **redis_target("rq", redis)) as running:
        yield running


def test_jobs_are_counted_where_they_stand(client: Any, world: World, redis: Redis, tmp_path: Path) -> None:
    default, other = Queue("default", connection=client), Queue("other", connection=client)
    for _ in range(3):
        default.enqueue(fail)
    with worker(tmp_path / "worker", redis, "default"):
        assert wait_until(lambda: world.jobs("default")["dead"] == 3, 60)
        asked = time.time()
        default.enqueue(nap, 60)
        assert wait_until(lambda: world.jobs("default")["running"] == 1, 60)
        before = time.time()
        first, *_ = [default.enqueue(nap) for _ in range(13)]
        for _ in range(5):
            default.enqueue_in(timedelta(hours=1), nap)
        default.enqueue(nap, depends_on=first)
        other.enqueue(nap)

        assert world.jobs("default") == {"ready": 13, "delayed": 6, "running": 1, "dead": 3}
        assert world.jobs("other") == {"ready": 1, "delayed": 0, "running": 0, "dead": 0}
        oldest = world.value("queue_oldest_ready_timestamp_seconds", queue="default")
        assert oldest is not None
        assert before - 1e-3 <= oldest <= time.time()
        assert first.enqueued_at is not None
        assert oldest == pytest.approx(first.enqueued_at.replace(tzinfo=UTC).timestamp(), abs=1e-5)
        assert world.value("queue_age_exact", queue="default") == 1
        assert wait_until(lambda: world.value("queue_oldest_running_timestamp_seconds", queue="default"), 60)
        running = world.value("queue_oldest_running_timestamp_seconds", queue="default")
        assert running is not None
        assert asked <= running <= time.time()  # RQ lists a job as started a moment before it notes the time
        assert world.value("queue_workers", queue="default") == 1
        assert world.until("queue_worker_slots", 1, queue="default", state="busy")
        assert world.value("queue_worker_slots", queue="default", state="idle") == 0
        assert world.value("queue_workers", queue="other") == 0


def test_jobs_that_end_are_counted_and_timed(client: Any, world: World, redis: Redis, tmp_path: Path) -> None:
    queue = Queue("default", connection=client)
    queue.enqueue(nap)
    with worker(tmp_path / "worker", redis, "default"):
        assert wait_until(lambda: client.zcard("rq:finished:default") == 1, 60)
        assert world.value("queue_finished_total", queue="default") == 0  # before the first look
        jobs = [queue.enqueue(nap, 0.15) for _ in range(5)] + [queue.enqueue(fail) for _ in range(3)]
        assert world.until("queue_finished_total", 5, queue="default")
        assert world.until("queue_failed_total", 3, queue="default")
        ran = waited = 0.0
        for job in jobs:
            job.refresh()  # type: ignore[no-untyped-call]
            assert job.enqueued_at is not None
            assert job.started_at is not None
            assert job.ended_at is not None
            ran += (job.ended_at - job.started_at).total_seconds()
            waited += (job.started_at - job.enqueued_at).total_seconds()
        assert ran >= 5 * 0.15
        assert world.value("queue_run_seconds_sum", queue="default") == pytest.approx(ran, abs=1e-4)
        assert world.value("queue_wait_seconds_sum", queue="default") == pytest.approx(waited, abs=1e-4)
        assert world.value("queue_wait_seconds_count", queue="default") == 8


def test_a_registry_that_is_too_large_is_not_counted(redis: Redis, client: Any, tmp_path: Path) -> None:
    Queue("default", connection=client).enqueue(nap)
    client.zadd("rq:failed:default", {str(number): 1.0 for number in range(4)})
    with World(tmp_path / "w", **redis_target("rq", redis, ended_limit=3)) as world:
        assert world.value("queue_failed_total", queue="default") is None
        assert world.value("queue_wait_seconds_count", queue="default") is None
        assert world.value("queue_finished_total", queue="default") == 0
        assert world.jobs("default")["dead"] == 4
        client.zremrangebyrank("rq:failed:default", 0, 1)
        assert world.value("queue_failed_total", queue="default") == 0  # what was there is not what is new
        client.zadd("rq:failed:default", {"fresh": 1.0})
        assert world.value("queue_failed_total", queue="default") == 1
        Queue("other", connection=client).enqueue(nap)
        client.zadd("rq:failed:other", {"first": 1.0})
        assert world.value("queue_failed_total", queue="other") == 1  # of a queue that is new all is new


def test_an_empty_queue_has_no_oldest_job(client: Any, world: World) -> None:
    queue = Queue("default", connection=client)
    queue.enqueue(nap)
    assert world.jobs("default")["ready"] == 1
    queue.empty()  # type: ignore[no-untyped-call]
    assert world.jobs("default")["ready"] == 0
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="default") is None


def test_a_job_whose_hash_has_gone_does_not_hide_the_next_one(client: Any, world: World) -> None:
    queue = Queue("default", connection=client)
    gone, second = queue.enqueue(nap), queue.enqueue(nap)
    client.delete(f"rq:job:{gone.id}")
    assert second.enqueued_at is not None
    oldest = world.value("queue_oldest_ready_timestamp_seconds", queue="default")
    assert oldest == pytest.approx(second.enqueued_at.replace(tzinfo=UTC).timestamp(), abs=1e-5)


def test_a_worker_that_is_silent_for_too_long_is_stalled(redis: Redis, client: Any, tmp_path: Path) -> None:
    Queue("default", connection=client).enqueue(nap)
    with (
        World(tmp_path / "w", **redis_target("rq", redis, worker_ttl="1s")) as world,
        worker(tmp_path / "worker", redis, "default") as killed,
    ):
        assert world.value("queue_workers_stalled", queue="default") in {0, 1}
        killed.kill()
        assert world.until("queue_workers_stalled", 1, queue="default")
        assert world.value("queue_workers", queue="default") == 0


def test_cron_jobs_are_schedules(redis: Redis, world: World, tmp_path: Path) -> None:
    before = time.time()
    config = str(ROOT / "tests/exporters/queue/rq/crons.py")
    with Program(tmp_path / "cron", redis, "CronScheduler", "cron", config):
        assert wait_until(
            lambda: world.value("queue_schedule_last_fired_timestamp_seconds", schedule="every-hour") is not None, 60
        )
        fired = world.value("queue_schedule_last_fired_timestamp_seconds", schedule="every-hour")
        due = world.value("queue_schedule_next_due_timestamp_seconds", schedule="every-hour")
        assert fired is not None
        assert before - 1 <= fired <= time.time()
        assert due == pytest.approx(fired + 3607, abs=1)
        assert world.value("queue_schedule_last_fired_timestamp_seconds", schedule="every-day") is None
        nightly = world.value("queue_schedule_next_due_timestamp_seconds", schedule="every-day")
        assert nightly is not None
        assert (datetime.fromtimestamp(nightly).astimezone().hour, nightly % 3600) == (3, 17 * 60)
        assert world.jobs("often")["ready"] == 1


def test_many_queues_are_a_few_names_and_other(redis: Redis, client: Any, tmp_path: Path) -> None:
    for index in range(9):
        Queue(f"q{index}", connection=client).enqueue(nap)
    with World(tmp_path / "w", **redis_target("rq", redis, queues=["q7"], most_queues=2)) as world:
        assert world.jobs("q7")["ready"] == 1
        assert world.jobs("q0")["ready"] == world.jobs("q1")["ready"] == 1
        assert world.jobs("other")["ready"] == 6


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (b"2026-11-25T21:41:22.731000Z", 1795642882.731),
        (b"2026-11-25T21:41:22Z", 1795642882.0),
        (b"", None),
        (None, None),
        ("9999-12-31T23:59:59.999999Z", None),
    ],
)
def test_times_of_all_versions_are_read(text: bytes | str | None, seconds: float | None) -> None:
    assert unix(text) == seconds
