"""Sources keep to their contract, and layers to theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exporters.configs import a_target, write
from tests.exporters.sample import EXPORTER
from tests.exporters.sample.lines import LINES, LinesConfig, LinesFeed
from tests.exporters.sample.redis_info import REDIS_INFO, RedisInfo
from watchbill_exporters.core.routes import Response, Route
from watchbill_exporters.core.runtime import Runtime
from watchbill_exporters.core.web.site import Site

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill_exporters.core.contract import AnyFeedSource, AnySource


def _snapshot(source: AnySource | AnyFeedSource) -> object:
    return RedisInfo(3, 5, 7) if source is REDIS_INFO else LINES.connect(LinesConfig(3)).read(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("source", [*EXPORTER.sources, *EXPORTER.feeds], ids=lambda source: source.kind)
def test_a_source_describes_every_family_it_has(source: AnySource | AnyFeedSource) -> None:
    described = {family.name: family for family in source.describe()}

    for family in source.families(_snapshot(source)):
        assert described[family.name].type == family.type
        assert described[family.name].documentation == family.documentation
        assert all(sample.timestamp is None for sample in family.samples)
    assert all(not family.samples for family in described.values())


def test_nothing_is_asked_of_a_target_before_the_first_scrape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.create_connection", lambda *_, **__: pytest.fail("asked"))

    runtime = Runtime(EXPORTER, write(tmp_path, a_target(9)))

    assert [family.name for family in EXPORTER.describe()]
    runtime.close()


def test_a_feed_cannot_take_a_path_of_the_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stolen = Route("GET", "/metrics", lambda _: Response.text(200, "mine"))
    monkeypatch.setattr(LinesFeed, "routes", lambda _: [stolen])
    runtime = Runtime(EXPORTER, write(tmp_path, lines={}))

    assert Site(runtime).table()["/metrics"]["GET"] is not stolen
    runtime.close()


def test_all_facts_are_described() -> None:
    assert EXPORTER.facts <= {family.name for family in EXPORTER.describe()}
