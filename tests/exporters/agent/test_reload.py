"""A reload takes other files, tokens and limits; counters, positions and open streams stay."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lab.process import wait_until
from tests.exporters.agent.desk import NOW, Desk, append, write_config
from tests.exporters.running import Exporting
from watchbill_exporters.agent import exporter

if TYPE_CHECKING:
    from pathlib import Path

VERDICT = {"ts": NOW, "suite": "s", "evaluator": "e", "verdict": "pass"}


def test_other_files_are_followed_and_nothing_is_counted_twice(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    append(second, VERDICT)
    with Desk(tmp_path, evaluations={"files": ["first.jsonl"], "existing": "read"}) as desk:
        append(first, VERDICT, VERDICT)
        desk.tick()
        write_config(tmp_path, evaluations={"files": ["*.jsonl"], "existing": "skip"})
        desk.runtime.reload()
        desk.tick()
        append(first, VERDICT)
        append(second, VERDICT)
        desk.tick()
        assert sum(desk.rows("agent_eval_results_total").values()) == 4
        write_config(tmp_path, evaluations={"files": ["second.jsonl"]})
        desk.runtime.reload()
        append(second, VERDICT)
        desk.tick()
        desk.tick(30)
        assert sum(desk.rows("agent_eval_results_total").values()) == 5
        assert desk.rows("agent_exporter_files") == {("evaluations",): 1}


def test_a_shorter_patience_holds_for_streams_that_are_open(tmp_path: Path) -> None:
    log = tmp_path / "edge.jsonl"
    with Desk(tmp_path, streams={"files": ["edge.jsonl"], "existing": "read"}) as desk:
        append(log, {"ts": NOW, "event": "open", "stream": "s", "agent": "support"})
        desk.tick(20)
        assert desk.rows("agent_stream_stalls_total") == {}
        write_config(tmp_path, streams={"files": ["edge.jsonl"], "stall_after": "7s"})
        desk.runtime.reload()
        desk.tick(1)
        assert desk.rows("agent_stream_stalls_total") == {("support", "first_event"): 1}


def test_a_replaced_token_takes_effect_at_once_and_lines_go_on_being_read(tmp_path: Path) -> None:
    def post(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return running.post("/incidents", json.dumps({"id": "i"}).encode(), headers=headers).status_code

    def counted() -> bool:
        return 'agent_eval_results_total{suite="s",evaluator="e",verdict="pass",mode="offline"} 2' in running.get().text

    section: dict[str, Any] = {"files": ["x.jsonl"]}
    (tmp_path / "token").write_text("first-odd-token")
    config = write_config(tmp_path, evaluations=section, incidents={"token_file": "token"})
    with Exporting(exporter(), config) as running:
        assert post("first-odd-token") == 201
        (tmp_path / "token").write_text("second-odd-token")
        assert post("first-odd-token") == 401
        assert post("second-odd-token") == 200
        assert wait_until(lambda: 'agent_exporter_files{input="evaluations"}' in running.get().text, 60, 0.05)
        append(tmp_path / "x.jsonl", VERDICT)
        write_config(tmp_path, evaluations={**section, "pass_score": 0.5}, incidents={"token_file": "token"})
        running.runtime.reload()
        append(tmp_path / "x.jsonl", VERDICT)
        assert wait_until(counted, 60, 0.05)
