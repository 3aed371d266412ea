"""Background reads: live values go when a refresh fails, facts about the past stay."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lab.process import wait_until
from tests.exporters.configs import a_target, write
from tests.exporters.pages import value
from tests.exporters.sample import EXPORTER
from watchbill_exporters.core import render
from watchbill_exporters.core.runtime import Runtime

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exporters.redis_server import Redis


def test_after_a_failed_refresh_only_facts_about_the_past_are_shown(redis: Redis, tmp_path: Path) -> None:
    config = write(tmp_path, a_target(redis.port, refresh="100ms", timeout="700ms"))
    runtime = Runtime(EXPORTER, config, process=False)

    def page() -> str:
        return render.TEXT.render(runtime.scrape(runtime.deadline(3)))

    def page_once(up: float) -> str:
        """Return the first page that says so, and when it is down, why: a later one may not."""
        pages: list[str] = []

        def says() -> bool:
            pages[:] = [page()]
            down = value(pages[0], "sample_scrape_error", target="main", reason="connect")
            return (value(pages[0], "sample_up", target="main"), down) == (up, None if up else 1)

        assert wait_until(says, 60, 0.03)
        return pages[0]

    good = page_once(1)
    read_at = value(good, "sample_refresh_last_success_timestamp_seconds", target="main")
    assert value(good, "sample_clients") is not None
    assert read_at is not None
    assert abs(time.time() - read_at) < 60

    redis.kill()
    failed = page_once(0)
    assert value(failed, "sample_clients") is None
    assert value(failed, "sample_last_save_timestamp_seconds") == value(good, "sample_last_save_timestamp_seconds")
    assert value(failed, "sample_refresh_last_success_timestamp_seconds", target="main") is not None
    assert value(failed, "sample_scrape_error", target="main", reason="connect") == 1

    redis.start()
    page_once(1)
    runtime.close()


def test_a_scrape_does_not_read_what_is_refreshed(redis: Redis, tmp_path: Path) -> None:
    runtime = Runtime(EXPORTER, write(tmp_path, a_target(redis.port, refresh="1h")), process=False)

    def commands() -> float | None:
        return value(render.TEXT.render(runtime.scrape(runtime.deadline(3))), "sample_commands_total")

    assert wait_until(lambda: commands() is not None, 60, 0.03)
    assert len({commands() for _ in range(13)}) == 1
    runtime.close()
