"""The command line as its users see it: exit codes, outputs, files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.cli.console import HTTP, Shown, run
from watchbill.cli import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

BAD = "watchbill: 1\nservice: shop\nownr: me\n"
WARNED = "watchbill: 1\nservice: shop\n"


def test_init_generate_and_check_follow_each_other(tmp_path: Path, capsys: Shown) -> None:
    assert run(capsys, "init")[0] == 0
    assert run(capsys, "check")[0] == 0
    code, out, _ = run(capsys, "generate")
    assert (code, "alerts/rules" in out) == (0, True)
    assert run(capsys, "generate", "--check") == (0, "", "")
    assert "everything was in step" in run(capsys, "generate")[1]
    (tmp_path / "alerts" / "rules" / "latency.yml").unlink()
    code, out, err = run(capsys, "generate", "--check")
    assert code == 1
    assert "+++ alerts/rules/latency.yml" in out
    assert "1 new: run `watchbill generate`" in err


def test_init_overwrites_nothing(tmp_path: Path, capsys: Shown) -> None:
    (tmp_path / "watchbill.yaml").write_text("mine")
    code, _, err = run(capsys, "init")
    assert (code, "already there" in err) == (1, True)
    assert (tmp_path / "watchbill.yaml").read_text() == "mine"


def test_only_one_target_is_written_and_the_others_stay(tmp_path: Path, capsys: Shown) -> None:
    run(capsys, "generate", "-q", str(HTTP))
    tests = sorted((tmp_path / "alerts" / "tests").iterdir())
    spec = tmp_path / "fewer.yaml"
    spec.write_text(HTTP.read_text().replace("99.9\n", "99.7\n"))
    assert run(capsys, "generate", "--only", "rules", str(spec))[0] == 0
    assert sorted((tmp_path / "alerts" / "tests").iterdir()) == tests
    assert run(capsys, "generate", "--only", "rules", "--check", str(spec))[0] == 0
    assert run(capsys, "generate", "--check", str(spec))[0] == 1


def test_a_hand_edit_is_refused_and_forced(tmp_path: Path, capsys: Shown) -> None:
    run(capsys, "generate", "-q", str(HTTP))
    edited = tmp_path / "alerts" / "rules" / "latency.yml"
    edited.write_text("mine")
    code, _, err = run(capsys, "generate", str(HTTP))
    assert (code, edited.read_text()) == (1, "mine")
    assert "alerts/rules/latency.yml" in err
    assert run(capsys, "generate", "--force", str(HTTP))[0] == 0
    assert edited.read_text() != "mine"


def test_errors_exit_1_write_nothing_and_show_their_place(tmp_path: Path, capsys: Shown) -> None:
    (tmp_path / "watchbill.yaml").write_text(BAD)
    for command in ("check", "generate", "list"):
        code, out, err = run(capsys, command)
        assert (code, out) == (1, "")
        assert "watchbill.yaml:3:1: WB100 'ownr' is not known here" in err
        assert "did you mean 'owner'?" in err
    assert [p.name for p in tmp_path.iterdir()] == ["watchbill.yaml"]


def test_warnings_fail_only_when_strict(tmp_path: Path, capsys: Shown) -> None:
    (tmp_path / "watchbill.yaml").write_text(WARNED)
    assert run(capsys, "check")[0] == 0
    code, _, err = run(capsys, "check", "--strict")
    assert (code, "WB204" in err) == (1, True)


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_machines_get_their_form_on_standard_output(form: str, tmp_path: Path, capsys: Shown) -> None:
    (tmp_path / "watchbill.yaml").write_text(BAD)
    code, out, err = run(capsys, "check", "--format", form)
    assert (code, err) == (1, "")
    assert "WB100" in out
    if form != "github":
        assert json.loads(out)


def test_an_unknown_command_names_the_nearest_and_exits_2(capsys: Shown) -> None:
    code, _, err = run(capsys, "generat")
    assert (code, "did you mean 'generate'?" in err) == (2, True)


@pytest.mark.parametrize("arguments", [["check", "--nope"], ["explain", "WB999"], ["generate", "--only", "x"]])
def test_wrong_usage_exits_2(arguments: list[str], capsys: Shown) -> None:
    assert run(capsys, *arguments)[0] == 2


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [(KeyboardInterrupt(), 130, "interrupted"), (RuntimeError("boom-7"), 3, "this is a bug of ours")],
)
def test_an_interrupt_exits_130_and_a_bug_3_with_a_report_to_paste(
    raised: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    def fail(*_: Any) -> None:
        raise raised

    monkeypatch.setattr("watchbill.load.load", fail)
    found, _, err = run(capsys, "check", str(HTTP))
    assert (found, said in err) == (code, True)
    if code == 3:
        assert "boom-7" in err
        assert "Traceback" in err


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str, capsys: Shown) -> None:
    code, out, _ = run(capsys, name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: watchbill {name}")
    assert len(out.splitlines()) > 4


def test_nothing_is_coloured_when_it_is_no_terminal(tmp_path: Path, capsys: Shown) -> None:
    (tmp_path / "watchbill.yaml").write_text(BAD)
    for arguments in (["check"], ["list", str(HTTP)], ["generate", str(HTTP)], ["explain", "WB220"], ["--help"]):
        _, out, err = run(capsys, *arguments)
        assert "\x1b" not in out + err
