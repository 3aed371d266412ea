"""Runbook text on the command line: reported with its place by check, and nothing is written while it is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.unit.cli.console import HTTP, Shown, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "watchbill.yaml").write_text(HTTP.read_text() + "knowledge: notes\n")
    (tmp_path / "notes").mkdir()
    return tmp_path / "notes"


def test_a_note_reaches_its_page_in_both_forms_and_changes_nothing_else(
    notes: Path, tmp_path: Path, capsys: Shown
) -> None:
    (notes / "http-latency.md").write_text("## Escalate\n\nCall Ann, 7 to 9.\n")
    assert run(capsys, "check")[0] == 0
    assert run(capsys, "generate")[0] == 0
    pages = {p.name for p in (tmp_path / "runbooks").rglob("*.*") if "Call Ann" in p.read_text()}
    assert pages == {
        f"LatencyBudgetBurn{t}.{s}" for t in ("Fast", "Sustained", "Slow", "Chronic") for s in ("md", "html")
    }
    assert run(capsys, "generate", "--check") == (0, "", "")
    (notes / "http-latency.md").write_text("## Escalate\n\nCall Bob.\n")
    assert "+Call Bob." in run(capsys, "generate", "--check")[1]


def test_nothing_is_written_while_a_note_is_wrong(notes: Path, tmp_path: Path, capsys: Shown) -> None:
    gone = "LatencyBudgetBurnFats"
    (notes / f"{gone}.md").write_text("Call Ann.\n")
    (notes / "http-latency.md").write_text("## Mitigation\n\n{{ title }\n\n## Escalate\n\nAsk {{ ower }}.\n")
    code, _, err = run(capsys, "generate")
    assert (code, (tmp_path / "runbooks").exists(), (tmp_path / "alerts").exists()) == (1, False, False)
    assert err.split("\n\n")[0].splitlines()[:8] == [
        f"notes/{gone}.md:1:1: WB513 no alert is named '{gone}', and it is no kebab-case name of a topic",
        "    Call Ann.",
        "    ^",
        "    hint: did you mean 'LatencyBudgetBurnFast'?",
        "notes/http-latency.md:1:4: WB511 no section 'Mitigation'",
        "    ## Mitigation",
        "       ^^^^^^^^^^",
        "    hint: did you mean 'Mitigate'?",
    ]
    code, out, _ = run(capsys, "check", "--format", "json")
    assert code == 1
    assert {d["code"] for d in json.loads(out)} >= {"WB511", "WB513", "WB515", "WB516"}


def test_a_missing_folder_is_named_in_the_spec(notes: Path, capsys: Shown) -> None:
    notes.rmdir()
    code, _, err = run(capsys, "check")
    assert (code, "WB500 there is no folder 'notes' beside the spec" in err) == (1, True)


def test_an_alert_that_goes_takes_its_page_with_it_and_its_note_is_an_error(
    notes: Path, tmp_path: Path, capsys: Shown
) -> None:
    run(capsys, "generate", "-q")
    assert (tmp_path / "runbooks" / "site" / "LatencyBudgetBurnFast.html").exists()
    spec = (tmp_path / "watchbill.yaml").read_text()
    (tmp_path / "watchbill.yaml").write_text(
        spec.replace(": latency}", ": slowness}").replace("name: latency\n", "name: slowness\n")
    )
    (notes / "LatencyBudgetBurnFast.md").write_text("Call Ann.\n")
    assert run(capsys, "generate", "-q")[0] == 1
    assert (tmp_path / "runbooks" / "site" / "LatencyBudgetBurnFast.html").exists()
    (notes / "LatencyBudgetBurnFast.md").rename(notes / "SlownessBudgetBurnFast.md")
    assert run(capsys, "generate", "-q")[0] == 0
    assert not (tmp_path / "runbooks" / "site" / "LatencyBudgetBurnFast.html").exists()
    assert "Call Ann." in (tmp_path / "runbooks" / "SlownessBudgetBurnFast.md").read_text()
