"""Releases: what a manifest says, what its files say, and what deploys do to runs."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.exporters.agent.desk import Desk, append, write_config
from tests.exporters.pages import value
from watchbill_exporters.agent import exporter
from watchbill_exporters.core.config.resolve import settings
from watchbill_exporters.core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

INFO = "agent_release_info"


def a_manifest(folder: Path, *, release: str = "r1", prompt: str = "Be kind.", form: str = "yaml") -> Path:
    (folder / "system.md").write_text(prompt)
    parts = {
        "agent": "support",
        "release": release,
        "graph": {"version": "g7"},
        "prompts": [{"name": "system", "file": "system.md", "sha256": hashlib.sha256(prompt.encode()).hexdigest()}],
        "tools": [{"name": "search", "sha256": "sha256:" + "0" * 63 + "7"}],
    }
    file = folder / "manifest"
    file.write_text(yaml.safe_dump(parts) if form == "yaml" else json.dumps(parts, indent=2))
    return file


def releases(desk: Desk) -> list[tuple[str, ...]]:
    """Return (agent, graph, prompts, release, tools) of what is shown."""
    return sorted(desk.rows(INFO))


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_manifest_in_either_form(tmp_path: Path, form: str) -> None:
    a_manifest(tmp_path, form=form)
    with Desk(tmp_path, releases={"manifests": ["manifest"]}) as desk:
        prompts = hashlib.sha256(f"system {hashlib.sha256(b'Be kind.').hexdigest()}\n".encode()).hexdigest()[:12]
        tools = hashlib.sha256(("search " + "0" * 63 + "7\n").encode()).hexdigest()[:12]
        assert releases(desk) == [("support", "g7", prompts, "r1", tools)]
        assert value(desk.page(), "agent_exporter_manifest_faults", manifest="manifest") == 0


def test_a_new_release_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    a_manifest(tmp_path)
    with Desk(tmp_path, releases={"manifests": ["manifest"]}) as desk:
        [first] = releases(desk)
        a_manifest(tmp_path, release="r2", prompt="Be brief.")
        desk.feed("releases").watch.look(desk.feed("releases").config.manifests)  # type: ignore[attr-defined]
        [second] = releases(desk)
        assert (first[1], second[1]) == ("g7", "g7")
        assert first[2] != second[2]
        assert second[3] == "r2"


def test_a_file_that_is_not_what_the_manifest_says_is_a_fault_at_its_line(tmp_path: Path) -> None:
    file = a_manifest(tmp_path)
    (tmp_path / "system.md").write_text("Be rude.")
    with Desk(tmp_path, releases={"manifests": ["manifest"]}) as desk:
        assert value(desk.page(), "agent_exporter_manifest_faults", manifest="manifest") == 1
        assert len(releases(desk)) == 1
    line = next(n for n, text in enumerate(file.read_text().splitlines(), 1) if text.strip().startswith("sha256:"))
    config = write_config(tmp_path, releases={"manifests": ["manifest"], "strict": True})
    with pytest.raises(ConfigError, match=rf"manifest:{line}:\d+: system.md has another content") as error:
        settings(exporter(), config)
    assert hashlib.sha256(b"Be rude.").hexdigest() in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("agent: [", id="broken YAML"),
        pytest.param("agent: support\nrelease: r1\n", id="no graph"),
        pytest.param(None, id="no file"),
    ],
)
def test_a_manifest_that_cannot_be_read_shows_no_release_and_is_counted(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest").write_text(content)
    with Desk(tmp_path, releases={"manifests": ["manifest"]}) as desk:
        assert releases(desk) == []
        faults = value(desk.page(), "agent_exporter_manifest_faults", manifest="manifest")
        assert faults is not None
        assert faults >= 1
        a_manifest(tmp_path)
        desk.feed("releases").watch.look(desk.feed("releases").config.manifests)  # type: ignore[attr-defined]
        assert len(releases(desk)) == 1


def test_what_deploys_do_to_runs_and_checkpoints(tmp_path: Path) -> None:
    action = {"type": "run_action", "policy": "migrate", "result": "ok", "user_notified": True}
    with Desk(tmp_path, releases={"files": ["deploys.jsonl"], "existing": "read"}) as desk:
        append(
            tmp_path / "deploys.jsonl",
            {**action, "count": 3},
            action,
            {**action, "policy": "cancel", "user_notified": False, "result": "failed"},
            {**action, "policy": "pray"},
            {"type": "migration", "result": "ok", "count": 7},
            {"type": "migration", "result": "failed"},
            {"type": "rollback"},
            {**action, "count": -1},
        )
        desk.tick()
        assert desk.rows("agent_deploy_run_actions_total") == {
            ("migrate", "ok", "true"): 4, ("cancel", "failed", "false"): 1, ("other", "ok", "true"): 1
        }  # fmt: skip
        assert desk.rows("agent_checkpoint_migrations_total") == {("ok",): 7, ("failed",): 1}
        assert desk.rows("agent_exporter_lines_refused_total") == {("releases", "wrong_shape"): 2}
        page = desk.page()
        assert value(page, "agent_deploy_run_actions_total", policy="finish", result="ok", user_notified="false") == 0
