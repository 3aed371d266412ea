"""Celery's own clients and workers on a real Redis, read with the shipped ACL."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery
from celery.signals import before_task_publish

import watchbill_exporters.hooks.celery as hook
from lab.process import Service, wait_until
from lab.toolchain import ROOT
from tests.exporters.queue.worlds import World, redis_target
from watchbill_exporters.hooks import ENQUEUED_AT
from watchbill_exporters.queue.celery.message import events, held, message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exporters.redis_server import Redis

PRIORITIES = {0: 13, 3: 17, 6: 11, 9: 22}  # 63 in all


class Worker(Service):
    def __init__(self, folder: Path, redis: Redis, queues: str, name: str = "one", *flags: str) -> None:
        broker = f"BROKER=redis://127.0.0.1:{redis.port}/0"
        app = [sys.executable, "-m", "celery", "-A", "tests.exporters.queue.celery.app", "worker"]
        options = ["-Q", queues, "-n", f"{name}@here", "-c", "1", "-P", "threads", "--without-mingle", "-l", "INFO"]
        super().__init__(["env", broker, f"PYTHONPATH={ROOT}", *app, *options, *flags], folder, f"worker-{name}")

    def is_ready(self) -> bool:
        return " ready." in (self.folder / f"{self.name}.log").read_text(encoding="utf-8")


def sender(redis: Redis) -> Celery:
    app = Celery("sender", broker=f"redis://127.0.0.1:{redis.port}/0", set_as_current=False)
    app.conf.broker_transport_options = {"priority_steps": [0, 3, 6, 9]}
    app.conf.task_send_sent_event = True
    return app


def send(app: Celery, count: int, queue: str = "celery", task: str = "nap", **options: Any) -> None:
    for _ in range(count):
        app.send_task(task, queue=queue, **options)


@pytest.fixture
def unstamped() -> Iterator[None]:
    before_task_publish.disconnect(hook.stamp, dispatch_uid=ENQUEUED_AT)
    yield
    before_task_publish.connect(hook.stamp, weak=False, dispatch_uid=ENQUEUED_AT)


def test_the_depth_is_the_sum_over_the_lists_of_all_priorities(redis: Redis, tmp_path: Path) -> None:
    app = sender(redis)
    for priority, count in PRIORITIES.items():
        send(app, count, priority=priority)
    send(app, 5, "other")
    with World(tmp_path / "w", **redis_target("celery", redis, queues=["celery", "other", "empty"])) as world:
        assert redis.ask("LLEN celery").strip() == ":13"
        assert world.jobs("celery") == {"ready": 63, "delayed": 0, "running": 0}
        assert world.jobs("other") == {"ready": 5, "delayed": 0, "running": 0}
        assert world.jobs("empty") == {"ready": 0, "delayed": 0, "running": 0}
        assert world.value("queue_oldest_ready_timestamp_seconds", queue="empty") is None
        assert world.value("queue_age_exact", queue="empty") is None


def test_with_the_hook_the_age_is_exact_whatever_the_priority(redis: Redis, tmp_path: Path) -> None:
    app = sender(redis)
    before = time.time()
    send(app, 1, priority=9)
    after = time.time()
    time.sleep(0.3)
    send(app, 3, priority=0)
    with World(tmp_path / "w", **redis_target("celery", redis)) as world:
        oldest = world.value("queue_oldest_ready_timestamp_seconds", queue="celery")

        assert oldest is not None
        assert before <= oldest <= after
        assert world.value("queue_age_exact", queue="celery") == 1


def test_without_the_hook_the_age_is_a_lower_bound_and_says_so(unstamped: None, redis: Redis, tmp_path: Path) -> None:
    send(sender(redis), 3)
    with World(tmp_path / "w", **redis_target("celery", redis)) as world:
        first = world.value("queue_oldest_ready_timestamp_seconds", queue="celery")
        time.sleep(0.4)

        assert first is not None
        assert world.value("queue_oldest_ready_timestamp_seconds", queue="celery") == first
        assert world.value("queue_age_exact", queue="celery") == 0
        redis.ask("RPOP celery")
        moved = world.value("queue_oldest_ready_timestamp_seconds", queue="celery")
        assert moved is not None
        assert moved >= first + 0.4


def test_a_message_whose_time_has_not_come_does_not_hide_the_ones_behind_it(redis: Redis, tmp_path: Path) -> None:
    app = sender(redis)
    send(app, 1, countdown=3600)
    before = time.time()
    send(app, 1)
    with World(tmp_path / "w", **redis_target("celery", redis)) as world:
        oldest = world.value("queue_oldest_ready_timestamp_seconds", queue="celery")

        assert oldest is not None
        assert before <= oldest <= time.time()
        redis.ask("LPOP celery")
        assert world.value("queue_oldest_ready_timestamp_seconds", queue="celery") is None


def test_the_time_of_a_message_is_when_it_became_eligible(redis: Redis, tmp_path: Path) -> None:
    eta = datetime.now(UTC) + timedelta(seconds=0.2)
    send(sender(redis), 1, eta=eta)
    time.sleep(0.3)
    with World(tmp_path / "w", **redis_target("celery", redis)) as world:
        oldest = world.value("queue_oldest_ready_timestamp_seconds", queue="celery")
        assert oldest == pytest.approx(eta.timestamp(), abs=1e-3)


def test_a_worker_holds_running_and_delayed_jobs_and_gives_signs_of_life(redis: Redis, tmp_path: Path) -> None:
    app = sender(redis)
    send(app, 7, countdown=3600)
    send(app, 3, args=[300])
    settings = redis_target("celery", redis, events=True, concurrency=1)
    with (
        World(tmp_path / "w", **settings) as world,
        Worker(tmp_path / "worker", redis, "celery", "one", "-E") as worker,
    ):
        assert wait_until(lambda: world.jobs("celery") == {"ready": 2, "delayed": 7, "running": 1}, 60)
        running = world.value("queue_oldest_running_timestamp_seconds", queue="celery")
        assert running is not None
        assert 0 <= time.time() - running < 20
        assert world.until("queue_workers", 1, queue="celery")
        assert world.until("queue_worker_slots", 1, queue="celery", state="busy")
        assert world.value("queue_worker_slots", queue="celery", state="idle") == 0
        assert world.value("queue_workers_stalled", queue="celery") == 0

        worker.kill()

        assert world.until("queue_workers_stalled", 1, queue="celery")
        assert world.value("queue_workers", queue="celery") == 0


def test_events_count_and_time_what_workers_do(redis: Redis, tmp_path: Path) -> None:
    app = sender(redis)
    settings = redis_target("celery", redis, events=True, queues=["celery", "other"])
    with World(tmp_path / "w", **settings) as world, Worker(tmp_path / "worker", redis, "celery", "one", "-E"):
        assert world.until("queue_workers", 1, queue="*")  # a worker does not say what it takes from
        send(app, 5, args=[0.15])
        send(app, 3, task="fail")

        assert world.until("queue_finished_total", 5, queue="celery")
        assert world.until("queue_failed_total", 3, queue="celery")
        assert world.until("queue_enqueued_total", 8, queue="celery")
        assert world.value("queue_finished_total", queue="other") == 0
        assert world.value("queue_run_seconds_count", queue="celery") == 5
        assert world.value("queue_run_seconds_bucket", queue="celery", le="0.1") == 0
        assert (world.value("queue_run_seconds_sum", queue="celery") or 0) >= 5 * 0.15
        assert world.until("queue_wait_seconds_count", 8, queue="celery")


def test_workers_are_told_apart_by_the_pattern_of_their_names(redis: Redis, tmp_path: Path) -> None:
    settings = redis_target("celery", redis, queues=["a", "b"], workers={"one@*": ["a"], "two@*": ["a", "b"]})
    with (
        World(tmp_path / "w", **settings) as world,
        Worker(tmp_path / "1", redis, "a", "one"),
        Worker(tmp_path / "2", redis, "a,b", "two"),
    ):
        assert world.until("queue_workers", 2, queue="a")
        assert world.value("queue_workers", queue="b") == 1
        assert world.value("queue_finished_total", queue="a") is None  # nobody said that they send events


def test_a_scrape_asks_nothing_of_workers_and_writes_nothing(redis: Redis, tmp_path: Path) -> None:
    send(sender(redis), 3)
    with World(tmp_path / "w", **redis_target("celery", redis)) as world:
        redis.ask("CONFIG RESETSTAT")
        taken = []
        for _ in range(7):
            begun = time.monotonic()
            world.page()
            taken.append(time.monotonic() - begun)
        assert min(taken) < 0.2  # the best: what else the machine does is not the exporter's
    stats = subprocess.run(
        ["redis-cli", "-p", str(redis.port), "INFO", "commandstats"], capture_output=True, text=True, check=True
    ).stdout
    used = {line.split(":")[0].removeprefix("cmdstat_") for line in stats.splitlines() if line.startswith("cmdstat_")}
    assert used <= {"auth", "ping", "llen", "lrange", "hlen", "hgetall", "zrange", "subscribe", "unsubscribe",
                    "config|resetstat", "info", "command", "command|docs"}  # fmt: skip


def test_more_held_messages_than_wanted_are_not_read(redis: Redis, tmp_path: Path) -> None:
    redis.ask("HSET unacked 1 {} 2 {} 3 {}")
    with World(tmp_path / "w", **redis_target("celery", redis, unacked_limit=2)) as world:
        assert world.jobs("celery") == {"ready": 0}


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"3", b"null", b'{"headers": null}', b'{"headers": {"id": 3}}', b'{"headers": 3}',
            b'{"headers": {"id": "a", "eta": "soon"}}', b"[3]", b'["{"]']
)  # fmt: skip
def test_what_is_no_task_is_passed_over(raw: bytes) -> None:
    assert message(raw) is None
    assert held(raw) is None
    assert events(raw) == []


def test_events_that_were_sent_together_are_taken_apart() -> None:
    body = b64encode(json.dumps([{"type": "task-sent"}, {"type": "task-started"}, 3]).encode()).decode()
    assert [event["type"] for event in events(json.dumps({"body": body}).encode())] == ["task-sent", "task-started"]


def test_the_hook_stamps_a_retry_anew() -> None:
    headers = {ENQUEUED_AT: 3.0}
    hook.stamp(headers=headers)
    assert abs(headers[ENQUEUED_AT] - time.time()) < 10


def test_the_hook_needs_nothing_of_the_exporters() -> None:
    code = (
        "import sys, watchbill_exporters.hooks.celery; print([m for m in sys.modules if m in {'pydantic', 'aiohttp'}])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
