"""Spans that come over OTLP reach streams, evaluations and experiments, and survive a restart with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.exporters.agent.desk import Desk, append
from tests.exporters.agent.otlp.spans import START, Making, send

if TYPE_CHECKING:
    from pathlib import Path

CONFIG: dict[str, Any] = {
    "otlp": {},
    "state": {"file": "state"},
    "streams": {"stall_after": "11s"},
    "evaluations": {"files": ["evals.jsonl"]},
    "experiments": {},
}


def a_run(desk: Desk) -> None:
    said = {
        "watchbill.experiment.name": "checkout",
        "watchbill.experiment.variant": "treatment",
        "watchbill.experiment.unit": "user-1",
    }
    events: list[tuple[str, float, dict[str, Any]]] = [
        ("stream.data", 3, {"bytes": 7}),
        ("stream.data", 4, {"bytes": 0}),
        ("stream.data", 17, {}),
        ("stream.end", 18, {"outcome": "completed"}),
        (
            "gen_ai.evaluation.result",
            19,
            {"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.label": "pass"},
        ),
    ]
    root = Making().agent(said=said, seconds=20.0, events=events)
    assert send(desk, root).status == 200
    assert send(desk, root).status == 200  # OTLP is at least once
    desk.tick(60)


def shown(desk: Desk) -> dict[str, Any]:
    names = ("agent_runs_total", "agent_streams_total", "agent_stream_stalls_total", "agent_eval_results_total")
    return {name: desk.rows(name) for name in (*names, "agent_experiment_tasks_total")}


def test_one_run_over_otlp_is_a_stream_a_verdict_and_a_task(tmp_path: Path) -> None:
    with Desk(tmp_path, **CONFIG) as desk:
        a_run(desk)
        found = shown(desk)
        assert found == {
            "agent_runs_total": {("triage", "success"): 1},
            "agent_streams_total": {("triage", "completed"): 1},
            "agent_stream_stalls_total": {("triage", "mid_stream"): 1},
            "agent_eval_results_total": {("relevance", "online", "online", "pass"): 1},
            "agent_experiment_tasks_total": {("26", "checkout", "success", "treatment"): 1},
        }
        assert desk.rows("agent_eval_last_run_timestamp_seconds") == {("online",): START + 19}
    with Desk(tmp_path, **CONFIG) as desk:
        assert shown(desk) == found


def test_a_person_may_judge_what_came_over_otlp(tmp_path: Path) -> None:
    with Desk(tmp_path, **CONFIG) as desk:
        making = Making()
        verdict = {"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.label": "pass"}
        send(desk, making.agent(events=[("gen_ai.evaluation.result", 1, verdict)]))
        label = {"type": "label", "evaluator": "relevance", "item": making.trace_id.hex(), "human": "fail"}
        append(tmp_path / "evals.jsonl", label)
        desk.tick(60)
        assert desk.rows("agent_judge_agreement_ratio") == {}  # a ratio of 0 is not listed
        assert 'agent_judge_agreement_ratio{evaluator="relevance"} 0.0' in desk.page()
