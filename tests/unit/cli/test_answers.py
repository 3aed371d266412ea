"""What commands that only tell something tell, and what promtool is given and gives back."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from lab.toolchain import ROOT
from tests.unit.cli.console import HTTP, Shown, run
from watchbill.catalogue import CODES

if TYPE_CHECKING:
    from pathlib import Path


def test_list_has_the_numbers_of_every_tier(capsys: Shown) -> None:
    code, out, _ = run(capsys, "list", "--json", str(HTTP))
    rows = json.loads(out)
    assert code == 0
    first = next(r for r in rows if (r["slo"], r["tier"]) == ("availability", "fast"))
    assert (first["burn_rate"], first["windows"], first["budget"], first["outage"]) == ("14.4", "1h / 5m", "2%", "52s")
    _, table, _ = run(capsys, "list", str(HTTP))
    assert len(table.splitlines()) == len(rows) + 1


@pytest.mark.parametrize("code", CODES, ids=lambda c: c.slug)
def test_every_code_is_explained(code: Any, capsys: Shown) -> None:
    found, out, _ = run(capsys, "explain", code.slug.lower())
    assert found == 0
    assert code.title in out
    assert "What to do: " in out


def test_all_codes_are_listed(capsys: Shown) -> None:
    _, out, _ = run(capsys, "explain")
    assert [line.split()[0] for line in out.splitlines()] == [c.slug for c in CODES]


def test_the_schema_takes_the_specs_we_ship_and_no_wrong_one(capsys: Shown) -> None:
    schema = json.loads(run(capsys, "schema")[1])
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in (ROOT / "watchbill.yaml", HTTP, ROOT / "tests" / "bundle" / "native.yaml"):
        assert list(validator.iter_errors(yaml.safe_load(path.read_text()))) == []
    wrong = yaml.safe_load(HTTP.read_text())
    assert not validator.is_valid({**wrong, "ownr": "me"})
    assert not validator.is_valid({**wrong, "slos": [{**wrong["slos"][0], "window": 30}]})
    assert not validator.is_valid({**wrong, "slos": [{**wrong["slos"][0], "sli": {"kind": "ratoi"}}]})


def test_backfill_prints_a_command_for_each_pass_that_names_its_files(tmp_path: Path, capsys: Shown) -> None:
    run(capsys, "generate", "-q", str(HTTP))
    code, out, _ = run(
        capsys, "backfill", "--until", "1700000017", "--days", "3", "--slo", "latency", "--slo", "journey"
    )
    assert code == 0
    commands = [line for line in out.splitlines() if line and not line.startswith("#")]
    assert len(commands) == 2
    for line in commands:
        assert "tsdb create-blocks-from rules" in line
        assert "--end 1700000017" in line
        assert "--start 1699740817" in line
        path = line.split()[-1]
        assert (tmp_path / path).is_file()
    assert run(capsys, "backfill", "--until", "7", "--slo", "nosuch")[0] == 1


def test_the_printed_backfill_command_is_one_a_shell_runs(tmp_path: Path, capsys: Shown) -> None:
    run(capsys, "generate", "-q", str(HTTP))
    shim = tmp_path / "promtool of mine"
    shim.write_text('#!/bin/sh\necho "ran $*"\n')
    shim.chmod(0o755)
    _, out, _ = run(capsys, "backfill", "--until", "1700000017", "--promtool", str(shim))
    done = subprocess.run(["sh", "-eu", "-c", out], capture_output=True, text=True, check=True)
    assert done.stdout.count("ran tsdb create-blocks-from rules --start ") == 2


def test_a_missing_promtool_is_named_with_what_to_install(capsys: Shown) -> None:
    run(capsys, "generate", "-q", str(HTTP))
    code, _, err = run(capsys, "test", "--promtool", "no-such-promtool")
    assert code == 1
    assert "no-such-promtool was not found" in err
    assert "apt-get install" in err


@pytest.mark.parametrize(("exit_code", "said", "expected"), [(0, "SUCCESS", 0), (1, "boom", 1), (0, "FAILED", 1)])
def test_what_promtool_says_is_what_test_exits_with(
    exit_code: int, said: str, expected: int, tmp_path: Path, capsys: Shown
) -> None:
    run(capsys, "generate", "-q", str(HTTP))
    shim = tmp_path / "promtool"
    shim.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "promtool, version 7.7.7 (x)" && exit 0\n'
        f"echo {said}\nexit {exit_code}\n"
    )
    shim.chmod(0o755)
    code, out, err = run(capsys, "test", "--promtool", str(shim))
    assert code == expected
    assert "promtool, version 7.7.7: " in out
    assert (said in err) is bool(expected)
