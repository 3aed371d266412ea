"""The whole page, clock frozen."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from tests.exporters.configs import a_target, write
from tests.exporters.pages import parse_openmetrics
from tests.exporters.sample import EXPORTER
from tests.exporters.sample.redis_info import RedisInfo, RedisInfoClient
from watchbill_exporters.core import render
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.core.runtime import Runtime

GOLDENS = Path(__file__).parent / "goldens"
FROZEN = Clock(lambda: 1_700_000_013.5, lambda: 77.0)


@pytest.mark.parametrize("form", [render.TEXT, render.OPENMETRICS], ids=["page.txt", "page.om"])
def test_a_page_is_the_golden_one(form: render.Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(client: RedisInfoClient, _: Deadline) -> RedisInfo:
        if client.config.port == 2:
            raise ScrapeError(Reason.AUTH, "no")
        return RedisInfo(clients=13, commands=1117, last_save=1_699_999_999)

    monkeypatch.setattr(RedisInfoClient, "read", read)
    config = write(tmp_path, a_target(1, labels={"cluster": "eu"}), a_target(2, "locked"), lines={"words": 3})
    runtime = Runtime(EXPORTER, config, clock=FROZEN, process=False, background=False)

    page = form.render(runtime.scrape(Deadline(1e9)))

    name = "page.om" if form is render.OPENMETRICS else "page.txt"
    golden = (GOLDENS / name).read_text(encoding="utf-8")
    assert page == golden.replace("VERSION", version("watchbill"))


def test_the_golden_openmetrics_page_is_strict() -> None:
    families = list(parse_openmetrics((GOLDENS / "page.om").read_text(encoding="utf-8")))

    assert {"sample_up", "sample_lines", "sample_scrape_error"} <= {family.name for family in families}
