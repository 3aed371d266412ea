"""Keys of a home-made queue on a real Redis."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from redis import Redis as Client

from tests.exporters.queue.worlds import World, reasons, redis_target
from watchbill_exporters.core.config.resolve import settings
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.queue import EXPORTER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.redis_server import Redis

QUEUES: dict[str, Any] = {
    "mail": {
        "ready": {"list": "mail:todo"},
        "delayed": {"zset": "mail:later", "pick": "future"},
        "retry": {"zset": "mail:later", "pick": "due"},
        "running": {"set": "mail:busy"},
        "dead": {"hash": "mail:dead"},
        "oldest_ready": {"number": "mail:since", "scale": 0.001},
        "oldest_running": {"zset": "mail:started"},
        "enqueued": {"number": "mail:sum"},
        "failed": {"number": "mail:no-such-key"},
        "workers": {"set": "mail:workers"},
    },
    "events": {
        "ready": {"stream": "events", "group": "g", "pick": "lag"},
        "running": {"stream": "events", "group": "g", "pick": "pending"},
        "oldest_ready": {"stream": "events"},
    },
}


def test_each_key_is_read_as_what_it_is(redis: Redis, tmp_path: Path) -> None:
    now = time.time()
    with Client(port=redis.port) as client:
        client.rpush("mail:todo", *range(13))
        client.zadd("mail:later", {"a": now + 100, "b": now + 200, "c": now - 100})
        client.sadd("mail:busy", 1, 2, 3, 4, 5)
        client.hset("mail:dead", mapping={str(n): "x" for n in range(7)})
        client.zadd("mail:started", {"1": now - 31, "2": now - 3})
        client.mset({"mail:since": int((now - 17) * 1000), "mail:sum": 1117})
        client.xgroup_create("events", "g", mkstream=True)
        first = client.xadd("events", {"a": 1})
        for _ in range(10):
            client.xadd("events", {"a": 1})
        client.xreadgroup("g", "one", {"events": ">"}, count=4)
    with World(tmp_path / "w", **redis_target("redis", redis, queues=QUEUES)) as world:
        assert world.jobs("mail") == {"ready": 13, "delayed": 2, "retry": 1, "running": 5, "dead": 7}
        assert world.jobs("events") == {"ready": 7, "running": 4}
        oldest = world.value("queue_oldest_ready_timestamp_seconds", queue="mail")
        assert oldest == pytest.approx(now - 17, abs=0.01)
        assert world.value("queue_oldest_running_timestamp_seconds", queue="mail") == pytest.approx(now - 31, abs=0.01)
        assert world.value("queue_enqueued_total", queue="mail") == 1117
        assert world.value("queue_failed_total", queue="mail") is None
        assert world.value("queue_workers", queue="mail") == 0
        assert isinstance(first, bytes)
        stamp = int(first.split(b"-")[0]) / 1000
        assert world.value("queue_oldest_ready_timestamp_seconds", queue="events") == stamp


@pytest.mark.parametrize(
    ("command", "queues"),
    [
        ("SET mail surprise", {"mail": {"ready": {"list": "mail"}}}),
        ("SET mail surprise", {"mail": {"enqueued": {"number": "mail"}}}),
        ("XADD mail * a 1", {"mail": {"ready": {"stream": "mail", "group": "gone", "pick": "lag"}}}),
    ],
)
def test_a_key_that_holds_something_else_is_parse(
    command: str, queues: dict[str, Any], redis: Redis, tmp_path: Path
) -> None:
    redis.ask(command)
    with World(tmp_path / "w", **redis_target("redis", redis, queues=queues)) as world:
        assert reasons(world.page()) == ["parse"]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"ready": {}}, "needs one key"),
        ({"ready": {"list": "a", "set": "b"}}, "needs one key"),
        ({"ready": {"list": "a", "pick": "due"}}, "only a zset has members that are due"),
        ({"ready": {"stream": "a", "pick": "lag"}}, "a group goes with a stream"),
        ({"ready": {"list": "a", "group": "g", "pick": "lag"}}, "a group goes with a stream"),
        ({"oldest_ready": {"list": "a"}}, "oldest_ready: a list holds no time"),
        ({"redy": {"list": "a"}}, "'redy' is not known here"),
    ],
)
def test_a_map_that_says_nothing_is_refused_with_its_place(
    keys: dict[str, Any], message: str, redis: Redis, tmp_path: Path
) -> None:
    world = World(tmp_path / "w", **redis_target("redis", redis, queues={"a": {"ready": {"list": "a"}}}))
    world.write(queues={"mail": keys})
    with pytest.raises(ConfigError, match=message) as caught:
        settings(EXPORTER, world.config)
    assert caught.value.diagnostics[0].line > 1
