"""A real NATS server with JetStream."""

from __future__ import annotations

import asyncio
import shutil
import signal
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import nats
import pytest
import requests
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StreamConfig

from lab.ports import free_port
from lab.process import Service, wait_until
from tests.exporters.queue.worlds import SHORT, World, ours, reasons

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path


class Nats(Service):
    def __init__(self, folder: Path, *flags: str) -> None:
        self.port, self.http = free_port(), free_port()
        ports = ["-a", "127.0.0.1", "-p", str(self.port), "-m", str(self.http)]
        super().__init__(["nats-server", *ports, *flags], folder, "nats")

    def is_ready(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.http}/healthz", timeout=5).ok
        except requests.RequestException:
            return False

    def do(self, work: Callable[[Any], Awaitable[None]]) -> None:
        async def run() -> None:
            connection = await nats.connect(f"nats://127.0.0.1:{self.port}")
            await work(connection.jetstream())
            await connection.close()

        asyncio.run(run())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Nats]:
    if shutil.which("nats-server") is None:
        pytest.skip("not available: nats-server is not on PATH")
    with Nats(tmp_path / "nats", "-js", "-sd", str(tmp_path / "nats" / "store")) as running:
        yield running


@pytest.fixture
def world(server: Nats, tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "w", kind="nats", url=f"http://127.0.0.1:{server.http}") as running:
        yield running


async def fill(js: Any) -> None:
    await js.add_stream(StreamConfig(name="MAIL", subjects=["mail.>"], retention=RetentionPolicy.WORK_QUEUE))
    await js.add_stream(StreamConfig(name="LOG", subjects=["log.>"]))
    for stream in ("MAIL", "LOG"):
        await js.add_consumer(
            stream, ConsumerConfig(durable_name="worker", ack_policy=AckPolicy.EXPLICIT, ack_wait=3600)
        )
    for count, subject in ((63, "mail.a"), (5, "log.a")):
        for _ in range(count):
            await js.publish(subject, b"x")


async def work(js: Any) -> None:
    subscription = await js.pull_subscribe("mail.>", "worker", "MAIL")
    messages = await subscription.fetch(7)
    for message in messages[:4]:
        await message.ack_sync()


def test_messages_are_counted_where_they_stand(world: World, server: Nats) -> None:
    server.do(fill)
    page = requests.get(f"http://127.0.0.1:{server.http}/jsz?streams=true", timeout=5).json()
    (mail,) = (s for s in page["account_details"][0]["stream_detail"] if s["name"] == "MAIL")
    assert wait_until(lambda: world.jobs("MAIL/worker") == {"ready": 63, "running": 0}, 60)  # it counts in passing
    assert wait_until(lambda: world.jobs("LOG/worker") == {"ready": 5, "running": 0}, 60)
    first = datetime.fromisoformat(mail["state"]["first_ts"]).timestamp()
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="MAIL/worker") == first
    assert world.value("queue_age_exact", queue="MAIL/worker") == 1
    assert world.value("queue_oldest_ready_timestamp_seconds", queue="LOG/worker") is None  # it keeps what is done
    assert world.value("queue_enqueued_total", queue="MAIL/worker") == 63

    server.do(work)
    assert wait_until(lambda: world.jobs("MAIL/worker") == {"ready": 56, "running": 3}, 60)
    assert (
        world.value("queue_oldest_ready_timestamp_seconds", queue="MAIL/worker") is None
    )  # the first one may be taken


def test_only_the_account_that_is_asked_for_is_shown(world: World, server: Nats) -> None:
    server.do(fill)
    world.write(account="OTHER")
    world.running.runtime.reload()
    assert world.jobs("MAIL/worker") == {}
    world.write(account="$G")
    world.running.runtime.reload()
    assert wait_until(lambda: world.jobs("MAIL/worker") == {"ready": 63, "running": 0}, 60)


def test_a_stopped_and_a_killed_server_are_told_and_come_back(world: World, server: Nats) -> None:
    server.do(fill)
    assert world.values()
    server.signal(signal.SIGSTOP)
    page = world.page(SHORT)
    assert reasons(page) == ["timeout"]
    assert ours(page) == set()
    server.signal(signal.SIGCONT)
    assert wait_until(lambda: reasons(world.page()) == [], 60)
    server.kill()
    assert reasons(world.page()) == ["connect"]
    server.start()
    assert wait_until(lambda: world.jobs("MAIL/worker") == {"ready": 63, "running": 0}, 60)


def test_a_server_without_jetstream_is_parse(tmp_path: Path) -> None:
    if shutil.which("nats-server") is None:
        pytest.skip("not available: nats-server is not on PATH")
    with (
        Nats(tmp_path / "plain") as server,
        World(tmp_path / "w", kind="nats", url=f"http://127.0.0.1:{server.http}") as world,
    ):
        assert reasons(world.page()) == ["parse"]


class Drip(BaseHTTPRequestHandler):
    """Sends a byte now and then, for ever: each one resets a client's own timeout."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.stopped.wait(0.1):  # type: ignore[attr-defined]
            self.wfile.write(b" " * 65536)

    def log_message(self, *_: object) -> None: ...


def test_a_page_that_never_ends_ends_with_the_deadline(tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), Drip)
    server.stopped = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with World(tmp_path / "w", kind="nats", url=f"http://127.0.0.1:{server.server_port}") as world:
        assert reasons(world.page(SHORT)) == ["timeout"]
        assert wait_until(lambda: not any(t.name == "read main" for t in threading.enumerate()), 60)
    server.stopped.set()  # type: ignore[attr-defined]
    thread.join(5)
    server.server_close()
