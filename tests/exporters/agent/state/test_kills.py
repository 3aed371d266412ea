"""Killed at any moment, the exporter counts nothing twice and forgets nothing it said it had."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests

from lab.process import wait_until
from tests.exporters.agent.desk import NOW, append, write_config
from tests.exporters.agent.program import ROOT, Program

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "odd-token-7531"  # noqa: S105 - of this test only
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
LINES_RUN = 20_000  # of the exporter's code in one scenario, about
TRUTH = {
    "agent_streams_total": [["a", "completed", 4.0]],
    "agent_stream_first_event_seconds_sum": [["a", 12.0]],
    "agent_eval_results_total": [["e", "offline", "s", "pass", 4.0]],
    "agent_incidents_total": [["false", "alert", 4.0], ["false", "user", 8.0]],
    "agent_exporter_lines_total": [["evaluations", 4.0], ["incidents", 8.0], ["streams", 12.0]],
}


def steps(seed: int, many: int) -> list[int]:
    return random.Random(seed).sample(range(1, LINES_RUN), many)  # noqa: S311 - reproducible


def killed_before(folder: Path, steps: list[int]) -> None:
    command = [sys.executable, "-m", "tests.exporters.agent.state.killed", str(folder), *map(str, steps)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["step"] for row in found] == steps
    wrong = [row for row in found if {name: row.get(name) for name in TRUTH} != TRUTH]
    assert not wrong


def test_killed_between_two_lines_of_its_code_it_counts_exactly(tmp_path: Path) -> None:
    killed_before(tmp_path, steps(7, 5))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_killed_between_any_two_lines_of_its_code_it_counts_exactly(tmp_path: Path, seed: int) -> None:
    killed_before(tmp_path, steps(seed, 25))


def a_config(folder: Path, **incidents: Any) -> Path:
    (folder / "token").write_text(TOKEN)
    return write_config(
        folder,
        state={"file": "state", "every": "50ms"},
        evaluations={"files": ["evals*.jsonl"]},
        incidents={"token_file": "token", "ledger": "ledger.jsonl", **incidents},
    )


def post(program: Program, key: str) -> int:
    """Report until it is answered, as a client does."""
    while True:
        try:
            body = json.dumps({"id": key}).encode()
            return requests.post(program.url + "/incidents", body, headers=HEADERS, timeout=60).status_code
        except requests.ConnectionError:
            program.kill()
            program.start()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 17])
def test_a_real_process_killed_again_and_again_under_load(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - reproducible
    program, log = Program(a_config(tmp_path)), tmp_path / "evals.jsonl"
    result = {"ts": NOW, "suite": "s", "evaluator": "e", "verdict": "pass"}
    written = posted = 0
    program.start()
    try:
        for life in range(8):
            end = time.monotonic() + chance.uniform(0.05, 0.6)
            while time.monotonic() < end:
                many = chance.randrange(1, 50)
                append(log, *[result] * many)
                written += many
                post(program, f"i{posted}")
                posted += 1
                if chance.random() < 0.1:
                    log.rename(tmp_path / f"evals-{life}-{posted}.jsonl")  # the glob matches these too
            program.signal(signal.SIGKILL)
            program.kill()
            program.start()
        assert wait_until(lambda: program.total("agent_eval_results_total") >= written, 60)
        time.sleep(0.5)
        append(log, result)  # once it is counted, all before it was, and once
        written += 1
        assert wait_until(lambda: program.total("agent_eval_results_total") >= written, 60)
        assert program.total("agent_eval_results_total") == written
        assert program.total("agent_incidents_total") == posted
    finally:
        program.stop()


def test_on_a_full_disk_counting_goes_on_and_what_is_not_on_disk_is_not_acknowledged(tmp_path: Path) -> None:
    program, log = Program(a_config(tmp_path)), tmp_path / "evals.jsonl"
    result = {"ts": NOW, "suite": "s", "evaluator": "e", "verdict": "pass"}
    append(log, result)
    program.start()
    try:
        assert wait_until(lambda: program.total("agent_eval_results_total") == 1, 60, 0.05)
        assert post(program, "i1") == 201
        ledger = (tmp_path / "ledger.jsonl").read_bytes()
        resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (len(ledger) + 11, resource.RLIM_INFINITY))
        append(log, result, result)
        assert wait_until(lambda: 'agent_exporter_state_writes_total{result="error"} 0' not in program.page(), 60, 0.05)
        assert post(program, "i2") == 503
        assert (tmp_path / "ledger.jsonl").read_bytes() == ledger  # no half row is left
        assert wait_until(lambda: program.total("agent_eval_results_total") == 3, 60, 0.05)
        assert program.total("agent_incidents_total") == 1
        assert wait_until(lambda: not list(tmp_path.glob("*.tmp")), 60, 0.001)  # it tries again every 50 ms
        resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert post(program, "i2") == 201
        time.sleep(0.2)
        os.kill(program.pid, signal.SIGKILL)
        program.kill()
        program.start()
        assert program.total("agent_incidents_total") == 2
        assert wait_until(lambda: program.total("agent_eval_results_total") == 3, 60, 0.05)
    finally:
        program.stop()
