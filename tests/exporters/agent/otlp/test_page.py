"""The page of a small known day, clock frozen: the golden one, and nothing promtool would change."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.exporters.agent.desk import NOW, Desk
from tests.exporters.agent.otlp.spans import IDS, Making, send
from tests.exporters.pages import parse_openmetrics
from watchbill_exporters.agent.catalogue import FAMILIES
from watchbill_exporters.core.memory.tally.family import Kind

if TYPE_CHECKING:
    from lab.toolchain import Tool

GOLDENS = Path(__file__).parent / "goldens"
FORMS = {"page.txt": "", "page.om": "application/openmetrics-text; version=1.0.0"}
OURS = "agent_exporter_build_info", "agent_scrape_duration", "agent_exporter_config", "agent_exporter_series_dropped"


def a_day(folder: Path, accept: str) -> str:
    with Desk(folder, labels={"agents": ["triage"], "tools": ["search"]}, otlp={"prices_as_of": "2026-11-03"}) as desk:
        for number in range(3):
            IDS.last = 1000 * number
            making = Making()
            root = making.agent(at=NOW - 10, seconds=3.7, said={"watchbill.graph.version": "v7"}, failed=number == 1)
            sub = making.agent("scout", root, at=NOW - 9)
            spans = [
                making.model(sub, (1301, 107), events=[("gen_ai.first_token", 0.3, {})]),
                making.tool(root, said={"watchbill.guardrail.name": "pii", "watchbill.guardrail.action": "redact"}),
                sub,
                *([root] if number < 2 else []),
            ]
            send(desk, *spans, service="triage")
        desk.tick(31)
        page = desk.page(accept)
    return "".join(line for line in page.splitlines(keepends=True) if not any(own in line for own in OURS))


@pytest.mark.parametrize("name", FORMS)
def test_the_page_is_the_golden_one(tmp_path: Path, name: str) -> None:
    assert a_day(tmp_path, FORMS[name]) == (GOLDENS / name).read_text(encoding="utf-8")


def test_the_golden_openmetrics_page_is_strict() -> None:
    assert list(parse_openmetrics((GOLDENS / "page.om").read_text(encoding="utf-8")))


def test_promtool_finds_nothing(promtool: Tool) -> None:
    page = (GOLDENS / "page.txt").read_bytes()
    checked = subprocess.run([promtool.path, "check", "metrics"], input=page, capture_output=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")


def test_every_family_keeps_the_rules_of_names() -> None:
    names = [family.name for family in FAMILIES]
    assert len(names) == len(set(names))
    for family in FAMILIES:
        assert family.name.startswith("agent_")
        assert family.name.endswith("_total") == (family.kind is Kind.COUNTER), family.name
        assert bool(family.bounds) == (family.kind is Kind.HISTOGRAM), family.name
        assert family.help.endswith("."), family.name
        assert not {"user", "trace_id", "session", "tenant"} & set(family.labels)
