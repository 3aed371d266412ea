"""The example that is shipped works as it stands, and so do the configs of the recipes."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from lab.toolchain import ROOT, Tool
from tests.exporters.agent.desk import Desk, write_config
from tests.exporters.agent.example import GOLDEN, page, unpack
from watchbill_exporters.agent import exporter
from watchbill_exporters.core import render
from watchbill_exporters.core.config.resolve import settings

if TYPE_CHECKING:
    from pathlib import Path

RECIPES = ("agent-streams", "agent-state", "agent-evaluations", "incidents", "releases")


def test_the_page_of_the_example_is_the_golden_one(tmp_path: Path) -> None:
    assert page(tmp_path) == GOLDEN.read_text(encoding="utf-8"), "run `python -m tests.exporters.agent.example`"


def test_no_line_of_the_example_is_refused_and_every_family_is_shown(tmp_path: Path) -> None:
    shown = page(tmp_path)
    refused = [line for line in shown.splitlines() if line.startswith("agent_exporter_lines_refused_total{")]
    assert refused
    assert all(line.endswith(" 0.0") for line in refused)
    assert 'agent_exporter_manifest_faults{manifest="manifest.yaml"} 0.0' in shown


def test_promtool_finds_nothing_to_mend(promtool: Tool, tmp_path: Path) -> None:
    with Desk(tmp_path, file=unpack(tmp_path)) as desk:
        desk.tick()
        desk.hub.keeper.save()
        text = desk.page(render.TEXT.content_type)
    check = subprocess.run([promtool.path, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_configs_of_the_recipes_are_taken(recipe: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "recipes" / f"{recipe}.md").read_text(encoding="utf-8")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "incidents.token").write_text("odd-token-7531")
    blocks = [block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if not block.startswith("agent:")]
    assert blocks
    for block in blocks:
        file = write_config(tmp_path)
        file.write_text(re.sub(r"/(var|etc|srv)/[\w/]*/(?=[\w.*]+)", "here/", block))
        settings(exporter(), file)


def test_the_json_lines_of_the_recipes_are_taken(tmp_path: Path) -> None:
    logs = {"agent-evaluations": "evaluations", "releases": "releases"}
    config: dict[str, Any] = {name: {"files": [f"{name}.jsonl"], "existing": "read"} for name in logs.values()}
    for recipe, name in logs.items():
        text = (ROOT / "docs" / "recipes" / f"{recipe}.md").read_text(encoding="utf-8")
        (tmp_path / f"{name}.jsonl").write_text("".join(re.findall(r"```json\n(.*?)```", text, re.DOTALL)))
    with Desk(tmp_path, **config) as desk:
        desk.tick()
        assert desk.rows("agent_exporter_lines_total") == {("evaluations",): 3, ("releases",): 2}
        assert desk.rows("agent_exporter_lines_refused_total") == {}
