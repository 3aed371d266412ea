"""A real RabbitMQ, read by a user who may see and do nothing else."""

from __future__ import annotations

import signal
from contextlib import closing
from typing import TYPE_CHECKING, Any

import amqp
import pytest

from lab.process import wait_until
from tests.exporters.queue.rabbitmq.server import SERVER, RabbitMq
from tests.exporters.queue.worlds import PASSWORD, SHORT, World, ours, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAMP = 1767322000
pytestmark = pytest.mark.xdist_group("rabbitmq")  # one server for all


@pytest.fixture(scope="module")
def server() -> Iterator[RabbitMq]:
    if not SERVER.is_file():
        pytest.skip("not available: rabbitmq-server is not installed")
    with RabbitMq() as running:
        yield running


@pytest.fixture
def vhost(server: RabbitMq) -> Iterator[str]:
    server.api("PUT", "/vhosts/odd%2Fone")
    server.api("PUT", "/permissions/odd%2Fone/guest", {"configure": ".*", "write": ".*", "read": ".*"})
    server.api("PUT", "/users/watchbill", {"password": PASSWORD, "tags": "monitoring"})
    server.api("PUT", "/permissions/odd%2Fone/watchbill", {"configure": "^$", "write": "^$", "read": "^$"})
    yield "odd/one"
    server.api("DELETE", "/vhosts/odd%2Fone")
    server.api("DELETE", "/users/watchbill")


@pytest.fixture
def world(server: RabbitMq, vhost: str, tmp_path: Path) -> Iterator[World]:
    user = {"username": "watchbill", "password_file": "password"}
    with World(tmp_path / "w", kind="rabbitmq", url=server.url, vhost=vhost, **user) as running:
        yield running


@pytest.fixture
def channel(server: RabbitMq, vhost: str) -> Iterator[Any]:
    with closing(amqp.Connection(f"127.0.0.1:{server.amqp}", "guest", "guest", virtual_host=vhost)) as connection:
        connection.connect()
        yield connection.channel()


def publish(channel: Any, count: int, queue: str = "mail", **properties: Any) -> None:
    for _ in range(count):
        channel.basic_publish(amqp.Message("x", **properties), routing_key=queue)


def test_messages_are_counted_where_they_stand(world: World, channel: Any) -> None:
    channel.queue_declare("mail", auto_delete=False)
    channel.queue_declare("empty", auto_delete=False)
    publish(channel, 1, timestamp=STAMP)
    publish(channel, 62)
    assert wait_until(lambda: world.jobs("mail") == {"ready": 63, "running": 0}, 60)
    assert wait_until(lambda: world.jobs("empty") == {"ready": 0, "running": 0}, 60)
    assert wait_until(lambda: world.value("queue_oldest_ready_timestamp_seconds", queue="mail") == STAMP, 60)
    assert world.value("queue_age_exact", queue="mail") == 1
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="empty") is None
    assert world.until("queue_enqueued_total", 63, queue="mail")
    assert world.until("queue_enqueued_total", 0, queue="empty")
    assert world.until("queue_workers", 0, queue="mail")

    taken = [channel.basic_get("mail") for _ in range(7)]
    for message in taken[:4]:
        channel.basic_ack(message.delivery_tag)
    assert wait_until(lambda: world.jobs("mail") == {"ready": 56, "running": 3}, 60)
    assert world.until("queue_finished_total", 4, queue="mail")
    assert world.until("queue_oldest_ready_timestamp_seconds", None, queue="mail")  # the others have no timestamp
    channel.basic_consume("empty", callback=lambda _: None)
    assert world.until("queue_workers", 1, queue="empty")


def test_a_stopped_server_is_a_timeout_and_comes_back_by_itself(world: World, server: RabbitMq, channel: Any) -> None:
    channel.queue_declare("mail", auto_delete=False)
    assert wait_until(lambda: world.jobs("mail") == {"ready": 0, "running": 0}, 60)
    server.signal(signal.SIGSTOP)
    try:
        page = world.page(SHORT)
        assert reasons(page) == ["timeout"]
        assert ours(page) == set()
    finally:
        server.signal(signal.SIGCONT)
    assert wait_until(lambda: reasons(world.page()) == [], 60)


def test_a_wrong_password_and_a_user_without_the_tag_are_auth(world: World, server: RabbitMq) -> None:
    assert world.values()
    server.api("PUT", "/users/watchbill", {"password": "another-odd-one", "tags": "monitoring"})
    assert reasons(world.page()) == ["auth"]
    server.api("PUT", "/users/watchbill", {"password": PASSWORD, "tags": ""})
    assert reasons(world.page()) == ["auth"]


def test_a_virtual_host_that_is_not_there_is_parse(world: World) -> None:
    world.write(vhost="nowhere")
    world.running.runtime.reload()
    assert reasons(world.page()) == ["parse"]


def test_a_killed_server_is_connect_and_its_successor_is_read(world: World, server: RabbitMq) -> None:
    assert world.values()
    server.kill()
    try:
        assert reasons(world.page()) == ["connect"]
    finally:
        server.start()
    assert wait_until(lambda: reasons(world.page()) == [], 60)
