"""A real Redis that hangs, refuses, is killed and comes back: every source that reads one behaves alike."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from lab.process import wait_until
from tests.exporters.queue.worlds import LONG, SHORT, World, ours, reasons, redis_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exporters.redis_server import Redis

KINDS: dict[str, dict[str, Any]] = {
    "celery": {},
    "rq": {},
    "dramatiq": {},
    "redis": {"queues": {"jobs": {"ready": {"list": "jobs"}}}},
}


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest, redis: Redis, tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "w", **redis_target(request.param, redis, **KINDS[request.param])) as running:
        assert running.value("queue_up", target="main") == 1
        yield running


def assert_down(world: World, reason: str) -> None:
    page = world.page(SHORT if reason == "timeout" else LONG)
    assert reasons(page) == [reason]
    assert ours(page) == set()  # nothing of before is shown


def assert_back(world: World) -> None:
    assert wait_until(lambda: reasons(world.page()) == [], 60, 0.1)


def test_a_paused_redis_is_a_timeout_and_comes_back_by_itself(world: World, redis: Redis) -> None:
    assert redis.ask("CLIENT PAUSE 3500 ALL").startswith("+OK")
    assert_down(world, "timeout")
    assert_back(world)


def test_a_stopped_redis_is_a_timeout_and_comes_back_by_itself(world: World, redis: Redis) -> None:
    redis.signal(signal.SIGSTOP)
    assert_down(world, "timeout")
    assert_down(world, "timeout")
    redis.signal(signal.SIGCONT)
    assert_back(world)


def test_a_redis_killed_in_the_middle_is_connect_and_its_successor_is_read(world: World, redis: Redis) -> None:
    redis.ask("CLIENT PAUSE 30000 ALL")
    with redis.once_asked(redis.kill):
        assert_down(world, "connect")
    assert_down(world, "connect")
    redis.start()
    assert_back(world)


def test_a_wrong_password_is_auth_and_the_right_one_is_taken_at_once(world: World, redis: Redis) -> None:
    redis.ask("ACL SETUSER watchbill resetpass >another-odd-one")
    assert_down(world, "auth")
    (world.config.parent / "password").write_text("another-odd-one\n", encoding="utf-8")
    assert_back(world)


def test_a_right_that_was_taken_away_is_permission(world: World, redis: Redis) -> None:
    redis.ask("ACL SETUSER watchbill -@all")
    assert_down(world, "permission")
    redis.ask("ACL SETUSER watchbill +@all")
    assert_back(world)


def test_a_redis_that_holds_something_else_is_parse(world: World, redis: Redis) -> None:
    redis.ask("FLUSHALL")
    for key in ("celery", "rq:queues", "dramatiq:default", "jobs"):
        redis.ask(f"SET {key} surprise")
    assert_down(world, "parse")
