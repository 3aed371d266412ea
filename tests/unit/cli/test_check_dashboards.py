"""`watchbill check --dashboards`: findings in every form, nothing but diagnostics for bad input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.unit.cli.console import Shown, run
from tests.unit.factories import a_spec, text
from tests.unit.lint.dashboards.cases import a_dashboard, changed, expr

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, dashboard: str) -> tuple[str, str]:
    spec, board = folder / "spec.yaml", folder / "boards" / "b.json"
    board.parent.mkdir()
    spec.write_text(text(a_spec()))
    board.write_text(dashboard)
    return str(spec), str(board)


def test_a_folder_of_faultless_dashboards_has_no_findings(capsys: Shown, tmp_path: Path) -> None:
    spec, board = written(tmp_path, json.dumps(a_dashboard()))
    assert run(capsys, "check", spec, "--dashboards", str(tmp_path / "boards"))[:2] == (0, "no findings\n")
    assert run(capsys, "check", spec, "--dashboards", board, "--strict")[0] == 0


def test_an_error_fails_and_names_its_place_in_every_form(capsys: Shown, tmp_path: Path) -> None:
    spec, board = written(tmp_path, json.dumps(changed(expr("rate(")), indent=1))
    code, _, shown = run(capsys, "check", spec, "--dashboards", board)
    assert code == 1
    assert f"{board}:" in shown
    assert "WB614" in shown
    (one,) = json.loads(run(capsys, "check", spec, "--dashboards", board, "--format", "json")[1])
    assert (one["code"], one["file"]) == ("WB614", board)
    sarif = json.loads(run(capsys, "check", spec, "--dashboards", board, "--format", "sarif")[1])
    assert sarif["runs"][0]["results"][0]["ruleId"] == "WB614"
    assert run(capsys, "check", spec, "--dashboards", board, "--format", "github")[1].startswith("::error file=")


def test_what_cannot_be_read_is_a_diagnostic(capsys: Shown, tmp_path: Path) -> None:
    spec, board = written(tmp_path, "")
    code, _, shown = run(capsys, "check", spec, "--dashboards", str(tmp_path / "gone.json"))
    assert (code, "cannot be read" in shown) == (1, True)
    (tmp_path / "boards" / "b.json").write_bytes(b"\xff\xfe{}")
    code, _, shown = run(capsys, "check", spec, "--dashboards", board)
    assert (code, "not UTF-8" in shown) == (1, True)
