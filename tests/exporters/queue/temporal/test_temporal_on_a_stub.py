"""Temporal's own client against a stub of its frontend; not a Temporal server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import grpc
import pytest
from temporalio.api.workflowservice import v1 as api

from lab.ports import free_port
from tests.exporters.queue.temporal.stub import StubFrontend
from tests.exporters.queue.worlds import SHORT, World, ours, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def stub() -> Iterator[StubFrontend]:
    with StubFrontend() as running:
        running.backlog("runs", 1, 63, 31.5, 3, 5, 301)
        running.backlog("runs", 2, 0, 0)
        yield running


@pytest.fixture
def world(stub: StubFrontend, tmp_path: Path) -> Iterator[World]:
    target = {"kind": "temporal", "address": f"127.0.0.1:{stub.port}", "task_queues": ["runs"]}
    with World(tmp_path / "w", **target) as running:
        yield running


def test_on_a_stub_the_backlog_is_what_the_frontend_says(world: World) -> None:
    now = time.time()
    assert world.jobs("runs/workflow") == {"ready": 63}
    assert world.jobs("runs/activity") == {"ready": 0}
    oldest = world.value("queue_oldest_ready_timestamp_seconds", queue="runs/workflow")
    assert oldest is not None
    assert now - 0.1 <= oldest + 31.5 <= time.time() + 0.1
    assert world.value("queue_age_exact", queue="runs/workflow") == 0
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="runs/activity") is None
    assert world.value("queue_workers", queue="runs/workflow") == 2
    assert world.value("queue_workers_stalled", queue="runs/workflow") == 1
    assert world.value("queue_workers", queue="runs/activity") == 0


def test_on_a_stub_schedules_tell_their_times_and_what_they_missed(world: World, stub: StubFrontend) -> None:
    reply = api.DescribeScheduleResponse()
    for at in (1767322000, 1767325600):
        reply.info.recent_actions.add().actual_time.FromSeconds(at)
        reply.info.future_action_times.add().FromSeconds(at + 7200)
    reply.info.missed_catchup_window = 3
    stub.schedules["nightly"] = reply
    stopped = api.DescribeScheduleResponse()
    stopped.CopyFrom(reply)
    stopped.schedule.state.paused = True
    stub.schedules["paused"] = stopped
    world.write(schedules=["nightly", "paused"])
    world.running.runtime.reload()
    assert world.value("queue_schedule_last_fired_timestamp_seconds", schedule="nightly") == 1767325600
    assert world.value("queue_schedule_next_due_timestamp_seconds", schedule="nightly") == 1767329200
    assert world.value("queue_schedule_missed_total", schedule="nightly") == 3
    assert world.value("queue_schedule_next_due_timestamp_seconds", schedule="paused") is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (grpc.StatusCode.UNAUTHENTICATED, "auth"),
        (grpc.StatusCode.PERMISSION_DENIED, "permission"),
        (grpc.StatusCode.UNAVAILABLE, "connect"),
        (grpc.StatusCode.NOT_FOUND, "parse"),
        (grpc.StatusCode.DEADLINE_EXCEEDED, "timeout"),
    ],
)
def test_on_a_stub_a_refusal_has_its_reason(
    code: grpc.StatusCode, reason: str, world: World, stub: StubFrontend
) -> None:
    assert world.values()
    stub.fault = code
    page = world.page()
    assert reasons(page) == [reason]
    assert ours(page) == set()
    stub.fault = None
    assert world.values()


def test_on_a_stub_a_frontend_that_hangs_is_a_timeout_and_comes_back(world: World, stub: StubFrontend) -> None:
    stub.hang.clear()
    assert reasons(world.page(SHORT)) == ["timeout"]
    stub.hang.set()
    assert world.values()


def test_on_a_stub_an_old_server_that_tells_no_backlog_is_version(world: World, stub: StubFrontend) -> None:
    stub.queues["runs", 1] = api.DescribeTaskQueueResponse()
    assert reasons(world.page()) == ["version"]


def test_where_nothing_listens_is_connect(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    with World(tmp_path / "w", kind="temporal", address=address, task_queues=["runs"]) as world:
        assert reasons(world.page()) == ["connect"]
