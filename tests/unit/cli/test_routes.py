"""`watchbill routes merge` as its users see it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from lab.toolchain import ROOT
from tests.unit.cli.console import HTTP, Shown, run
from watchbill import inplace
from watchbill.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

SPEC = str(ROOT / "watchbill.yaml")
HOST = """\
route:
  receiver: default          # everybody's
receivers:
  - name: default
  - name: agents-tickets
  - name: client-team
  - name: deadman
"""


@pytest.fixture
def host(tmp_path: Path) -> Path:
    path = tmp_path / "am" / "alertmanager.yml"
    path.parent.mkdir()
    path.write_text(HOST)
    path.chmod(0o640)
    return path


def test_merging_tells_what_changes_and_a_second_run_changes_nothing(host: Path, capsys: Shown) -> None:
    code, out, err = run(capsys, "routes", "merge", SPEC, "--into", str(host))
    assert (code, err) == (0, "")
    head, first, *_ = out.splitlines()
    assert head.split() == ["ALERT", "SEVERITY", "OF", "BEFORE", "AFTER"]
    assert first.split() == [
        "RunSuccessBudgetBurnFast", "critical", "run-success", "default", "watchbill-support-agents-page",
    ]  # fmt: skip
    assert "label sets of ours change their receiver; none of anybody else's does" in out
    assert stat.S_IMODE(host.stat().st_mode) == 0o640
    assert sorted(p.name for p in host.parent.iterdir()) == ["alertmanager.yml", "watchbill-support-agents.tmpl"]
    merged = host.read_bytes()
    assert b"- watchbill-support-agents.tmpl" in merged
    code, out, _ = run(capsys, "routes", "merge", SPEC, "--into", str(host))
    assert (code, host.read_bytes()) == (0, merged)
    assert "0 label sets of ours" in out
    assert "nothing to change" in out
    assert run(capsys, "routes", "merge", SPEC, "--into", str(host), "--check")[0] == 0


def test_removing_restores_the_exact_bytes_and_takes_the_template_away(host: Path, capsys: Shown) -> None:
    run(capsys, "routes", "merge", SPEC, "--into", str(host))
    code, out, _ = run(capsys, "routes", "merge", SPEC, "--into", str(host), "--remove")
    assert code == 0
    assert host.read_text() == HOST
    assert [p.name for p in host.parent.iterdir()] == ["alertmanager.yml"]
    assert "watchbill-support-agents-page" in out


def test_check_writes_nothing_prints_the_diff_and_exits_1(host: Path, capsys: Shown) -> None:
    code, out, err = run(capsys, "routes", "merge", SPEC, "--into", str(host), "--check")
    assert code == 1
    assert "+    # BEGIN watchbill support-agents" in out
    assert "everybody's" not in out
    assert "out of step" in err
    assert host.read_text() == HOST
    assert len(list(host.parent.iterdir())) == 1


def test_a_refusal_names_line_and_reason_and_writes_nothing(host: Path, capsys: Shown) -> None:
    text = HOST.replace("  - name: deadman\n", "")
    host.write_text(text)
    code, out, err = run(capsys, "routes", "merge", SPEC, "--into", str(host))
    assert (code, out) == (1, "")
    assert f"{host}:3: there is no receiver 'deadman'" in err
    assert host.read_text() == text
    assert len(list(host.parent.iterdir())) == 1


def test_a_bad_spec_and_a_spec_without_receivers_write_nothing(host: Path, tmp_path: Path, capsys: Shown) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("watchbill: 1\nservice: shop\nownr: me\n")
    for spec, said in ((str(bad), "WB100"), (str(HTTP), "names no receivers")):
        code, _, err = run(capsys, "routes", "merge", spec, "--into", str(host))
        assert (code, said in err) == (1, True)
        assert host.read_text() == HOST


def test_the_command_group_names_its_one_command(capsys: Shown) -> None:
    assert "merge" in run(capsys, "routes", "--help")[1]
    assert "--into" in run(capsys, "routes", "merge", "--help")[1]
    assert run(capsys, "routes", "merge")[0] == 2


def test_a_link_stays_a_link_and_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yml", tmp_path / "link.yml"
    real.write_text("old")
    link.symlink_to(real)
    inplace.replace(link, "old", "new")
    assert (link.is_symlink(), real.read_text()) == (True, "new")
    with pytest.raises(OutputError, match="changed meanwhile"):
        inplace.replace(link, "old", "newer")
    assert real.read_text() == "new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.yml", "real.yml"]


def test_a_failing_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yml"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        inplace.replace(path, "old", "new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.yml", "old")]
