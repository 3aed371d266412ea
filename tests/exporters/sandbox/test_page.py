"""The page as people and tools read it, and what the recipe shows."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from lab.toolchain import ROOT, Tool
from tests.exporters.pages import names, parse_openmetrics
from tests.exporters.sandbox.running import RULES, config
from tests.exporters.sandbox.test_lifecycle import NOW, Desk, event
from watchbill_exporters.core import render
from watchbill_exporters.core.clock import Deadline
from watchbill_exporters.core.config.resolve import settings
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.records.decode import decode
from watchbill_exporters.sandbox import exporter
from watchbill_exporters.sandbox.catalogue import FAMILIES
from watchbill_exporters.sandbox.lifecycle import parse

if TYPE_CHECKING:
    from pathlib import Path

RECIPE = (ROOT / "docs" / "recipes" / "sandboxes.md").read_text(encoding="utf-8")
GOLDEN = ROOT / "tests" / "exporters" / "goldens" / "sandbox.txt"


def busy(folder: Path) -> Desk:
    desk = Desk(folder, pools={**RULES, "capacity": {"default": 40}, "runtimes": ["gvisor"]})
    desk.write(
        event("started", "a", -100, requested_at=NOW - 103, launch="warm"),
        event("started", "b", -50),
        event("paused", "b", -20),
        event("started", "c", -30, pool="gpu"),
        event("oom", "c", -11),
        event("ended", "c", -10, reason="oom", cpu_seconds=7.5),
        event("start_failed", "d", -3, reason="capacity"),
    )
    return desk


def test_the_page_is_the_golden_one(tmp_path: Path) -> None:
    """To write it anew, delete it and run this twice."""
    page = "".join(
        line
        for line in busy(tmp_path).page().splitlines(keepends=True)
        if not re.search(r"scrape_duration|build_info|_files\{|_unread|label_overflow", line)
    )
    if not GOLDEN.exists():
        GOLDEN.write_text(page, encoding="utf-8")
        pytest.fail("written; look at it")
    assert page == GOLDEN.read_text(encoding="utf-8")


def test_promtool_finds_nothing_to_mend(promtool: Tool, tmp_path: Path) -> None:
    page = busy(tmp_path).page()
    check = subprocess.run([promtool.path, "check", "metrics"], input=page, capture_output=True, text=True, check=False)
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


def test_the_strict_parser_reads_every_family_that_is_described(tmp_path: Path) -> None:
    desk = busy(tmp_path)
    desk.page()
    text = render.OPENMETRICS.render(desk.runtime.scrape(Deadline(1e9)))
    shown = {family.name for family in parse_openmetrics(text)}
    described = names(list(exporter().describe()))
    assert {f.name.removesuffix("_total") for f in FAMILIES} <= described
    assert {"sandbox_starts", "sandboxes", "sandbox_pool_capacity", "sandbox_start_duration_seconds"} <= shown


def test_the_configs_of_the_recipe_are_taken(tmp_path: Path) -> None:
    blocks = [b for b in re.findall(r"```yaml\n(.*?)```", RECIPE, re.DOTALL) if "scrape_configs" not in b]
    assert len(blocks) == 4
    for block in blocks:
        file = tmp_path / "sandbox.yaml"
        file.write_text(block.replace("/var/lib/watchbill", str(tmp_path)), encoding="utf-8")
        settings(exporter(), file)


def test_the_lines_of_the_recipe_are_taken() -> None:
    [block] = re.findall(r"```json\n(.*?)```", RECIPE, re.DOTALL)
    for line in block.splitlines():
        json.loads(line)
        assert parse(decode(line.encode())).key == "sb-1"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"pools": {"rules": [{"pool": "a"}, {"pool": "b", "image": "x"}]}}, "no rule after it is ever tried"),
        ({"pools": {"rules": [{"pool": "a", "path": "("}]}}, "no regular expression"),
        ({"targets": [{"kind": "cgroup", "name": "c", "group": "/abs", "pool": "a"}]}, "not a group's path"),
        ({"targets": [{"kind": "cgroup", "name": "c", "group": "a/../b", "pool": "a"}]}, "not a group's path"),
        ({"pools": {"capacity": {"a": -1}}}, "greater than or equal to 0"),
        ({"targets": [{"kind": "dockr", "name": "c"}]}, "dockr"),
    ],
)
def test_a_wrong_config_says_where_and_what(tmp_path: Path, wrong: dict[str, object], said: str) -> None:
    file = config(tmp_path)
    file.write_text(yaml.safe_dump(wrong), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        settings(exporter(), file)
    assert said in str(error.value)
    assert re.search(r"sandbox\.yaml:\d+:\d+", str(error.value))
