"""A real Redis that hangs, refuses, is killed: the scrape ends in time, says why, and shows nothing stale."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from lab.process import wait_until
from tests.exporters.configs import a_target, write
from tests.exporters.pages import value, values
from tests.exporters.redis_server import Redis
from tests.exporters.running import Exporting
from tests.exporters.sample import EXPORTER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = {"X-Prometheus-Scrape-Timeout-Seconds": "1.6"}  # less the half second
IN_TIME = 1.6
TRIES = 3  # a page that is late once may be so because the machine is busy elsewhere


@pytest.fixture
def exporting(redis: Redis, tmp_path: Path) -> Iterator[Exporting]:
    with Exporting(EXPORTER, write(tmp_path, a_target(redis.port))) as running:
        assert value(running.get().text, "sample_up", target="main") == 1
        yield running


def scrape(exporting: Exporting) -> str:
    """Scrape with a short patience; it must not be exceeded."""
    for _ in range(TRIES):
        begun = time.monotonic()
        answer = exporting.get(headers=PATIENCE)
        if (took := time.monotonic() - begun) < IN_TIME:
            break
    assert took < IN_TIME
    assert answer.status_code == 200
    return answer.text


def assert_down(page: str, reason: str) -> None:
    errors = [dict(labels)["reason"] for (name, labels), _ in values(page).items() if name == "sample_scrape_error"]
    assert value(page, "sample_up", target="main") == 0
    assert errors == [reason]
    assert value(page, "sample_clients") is None
    assert value(page, "sample_last_save_timestamp_seconds") is None  # read at the scrape: nothing is kept


def test_a_paused_redis_is_a_timeout_and_comes_back(redis: Redis, exporting: Exporting) -> None:
    assert redis.ask("CLIENT PAUSE 3500 ALL").startswith("+OK")

    assert_down(scrape(exporting), "timeout")
    assert wait_until(lambda: value(scrape(exporting), "sample_up", target="main") == 1, 60, 0.1)


def test_a_stopped_redis_is_a_timeout_for_two_hundred_scrapes_on_one_thread(redis: Redis, exporting: Exporting) -> None:
    redis.signal(signal.SIGSTOP)
    assert_down(scrape(exporting), "timeout")
    before = threading.active_count()

    for _ in range(200):
        page = exporting.get(headers={"X-Prometheus-Scrape-Timeout-Seconds": "0.02"}).text
        assert value(page, "sample_up", target="main") == 0

    assert sum(thread.name == "read main" for thread in threading.enumerate()) <= 1
    assert threading.active_count() <= before + 20  # the server's own pool may grow by a few; a leak would be 200
    redis.signal(signal.SIGCONT)
    assert wait_until(lambda: value(scrape(exporting), "sample_up", target="main") == 1, 60, 0.1)


def test_a_hung_target_does_not_hold_up_the_others(redis: Redis, tmp_path: Path) -> None:
    with Redis(tmp_path / "other") as other:
        config = write(tmp_path, a_target(redis.port), a_target(other.port, "hung"))
        with Exporting(EXPORTER, config) as running:
            other.signal(signal.SIGSTOP)

            page = scrape(running)

            assert value(page, "sample_up", target="main") == 1
            assert value(page, "sample_up", target="hung") == 0
            assert value(page, "sample_clients") is not None
            begun = time.monotonic()
            assert value(running.get("/probe?target=main").text, "sample_up", target="main") == 1
            assert time.monotonic() - begun < 3  # the hung one is given 9.5 s


def test_a_target_with_a_timeout_of_its_own_is_given_up_sooner(redis: Redis, tmp_path: Path) -> None:
    with Exporting(EXPORTER, write(tmp_path, a_target(redis.port, timeout="150ms"))) as running:
        redis.signal(signal.SIGSTOP)
        begun = time.monotonic()

        assert_down(running.get().text, "timeout")
        assert time.monotonic() - begun < 3  # without one of its own it is given 9.5 s


def test_a_wrong_password_is_auth_and_the_right_one_is_taken_without_a_reload(
    redis: Redis, exporting: Exporting, tmp_path: Path
) -> None:
    redis.ask("CONFIG SET requirepass opensesame")
    assert_down(scrape(exporting), "auth")
    secret = tmp_path / "password"
    secret.write_text("open barley\n", encoding="utf-8")
    write(tmp_path, a_target(redis.port, password_file="password"))  # noqa: S106 - the name of a file
    exporting.runtime.reload()
    assert_down(scrape(exporting), "auth")

    secret.write_text("opensesame\n", encoding="utf-8")

    assert value(scrape(exporting), "sample_up", target="main") == 1


def test_a_killed_redis_is_connect(redis: Redis, exporting: Exporting) -> None:
    redis.kill()

    assert_down(scrape(exporting), "connect")


def test_a_redis_killed_in_the_middle_of_a_scrape_is_connect(redis: Redis, exporting: Exporting) -> None:
    redis.ask("CLIENT PAUSE 30000 ALL")

    with redis.once_asked(redis.kill):
        assert_down(exporting.get().text, "connect")


def test_a_wrong_port_that_speaks_something_else_is_parse(exporting: Exporting, tmp_path: Path) -> None:
    write(tmp_path, a_target(exporting.port))
    exporting.runtime.reload()

    assert_down(scrape(exporting), "parse")
