"""Evaluations and experiments, from files, spans and closed runs."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.agent.desk import NOW, Desk, append
from tests.exporters.pages import value
from watchbill_exporters.agent.evaluations.agreement import Agreement
from watchbill_exporters.agent.listeners import Assignment, ClosedRun, SpanEvent, SpanEvents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRACE = "0af7651916cd43dd8448eb211c80319c"
RESULT = {"ts": NOW - 7, "suite": "golden", "evaluator": "faithful"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, evaluations={"files": ["evals/*.jsonl"], "existing": "read", "pass_score": 0.7}) as made:
        yield made


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "evals").mkdir()
    return tmp_path / "evals" / "golden.jsonl"


def test_verdicts_scores_and_freshness(desk: Desk, log: Path) -> None:
    append(
        log,
        {**RESULT, "verdict": "pass", "score": 0.95, "trace_id": TRACE},
        {**RESULT, "verdict": "fail", "score": 0.25, "ts": NOW - 3},
        {**RESULT, "verdict": "error", "ts": NOW - 5},
        {**RESULT, "verdict": "na", "mode": "online"},
        {**RESULT, "verdict": "maybe"},
        {**RESULT, "verdict": "pass", "score": "high"},
        {**RESULT, "vedict": "pass"},
    )
    desk.tick()
    assert desk.rows("agent_eval_results_total") == {
        ("faithful", "offline", "golden", "pass"): 1,
        ("faithful", "offline", "golden", "fail"): 1,
        ("faithful", "offline", "golden", "error"): 1,
        ("faithful", "online", "golden", "na"): 1,
        ("faithful", "offline", "golden", "other"): 1,
    }
    assert desk.rows("agent_eval_score_sum") == {("faithful", "golden"): pytest.approx(1.2)}
    assert desk.rows("agent_eval_last_run_timestamp_seconds") == {("golden",): NOW - 3}
    assert desk.rows("agent_exporter_lines_refused_total") == {("evaluations", "wrong_shape"): 2}


def test_sampling_decisions(desk: Desk, log: Path) -> None:
    append(log, *({"type": "candidate", "decision": d} for d in ["sampled", "skipped", "skipped", "error", "skipped"]))
    desk.tick()
    assert desk.rows("agent_eval_candidates_total") == {("sampled",): 1, ("skipped",): 3, ("error",): 1}


def test_agreement_with_people_whoever_comes_first(desk: Desk, log: Path) -> None:
    def judged(item: str, verdict: str) -> dict[str, Any]:
        return {**RESULT, "verdict": verdict, "item": item}

    def human(item: str, verdict: str) -> dict[str, Any]:
        return {"type": "label", "evaluator": "faithful", "item": item, "human": verdict}

    append(log, judged("a", "pass"), human("b", "fail"), judged("c", "na"), human("c", "pass"))
    desk.tick()
    assert value(desk.page(), "agent_judge_agreement_ratio", evaluator="faithful") is None
    append(log, human("a", "pass"), judged("b", "pass"), judged("d", "fail"), human("d", "fail"), human("d", "fail"))
    desk.tick()
    assert value(desk.page(), "agent_judge_agreement_ratio", evaluator="faithful") == pytest.approx(2 / 3)


def test_agreement_looks_at_the_last_pairs_and_survives_a_restart() -> None:
    old = Agreement(str, over=3, pending=2)
    for item, verdict in enumerate(["fail", "pass", "pass", "fail"]):
        old.judged("e", str(item), verdict)
        old.labelled("e", str(item), "pass")
    old.judged("e", "waits", "pass")
    fresh = Agreement(str, over=3, pending=2)
    fresh.restore(old.export())
    assert fresh.ratios() == {"e": pytest.approx(2 / 3)}
    fresh.labelled("e", "waits", "pass")
    assert fresh.ratios() == {"e": pytest.approx(2 / 3)}
    for item in range(9):
        fresh.judged("e", f"never labelled {item}", "pass")
    assert len(fresh.export()["waiting"]) == 2


@pytest.mark.parametrize(
    ("attributes", "verdict"),
    [
        pytest.param({"gen_ai.evaluation.score.label": "pass"}, "pass", id="a label"),
        pytest.param(
            {"gen_ai.evaluation.score.label": "Not Relevant"}, "fail", id="a label of OpenTelemetry's examples"
        ),
        pytest.param({"gen_ai.evaluation.score.label": "purple"}, "other", id="a label nobody knows"),
        pytest.param({"gen_ai.evaluation.score.value": 0.7}, "pass", id="a score that is enough"),
        pytest.param({"gen_ai.evaluation.score.value": 0.69}, "fail", id="a score that is not"),
        pytest.param({"error.type": "timeout", "gen_ai.evaluation.score.value": 1.0}, "error", id="an error"),
        pytest.param({}, "other", id="nothing"),
    ],
)
def test_online_results_of_spans(desk: Desk, attributes: dict[str, str | float], verdict: str) -> None:
    event = SpanEvent("gen_ai.evaluation.result", NOW - 11, {"gen_ai.evaluation.name": "relevance", **attributes})
    span = SpanEvents(TRACE, "00f067aa0ba902b7", "support", "evaluate", NOW - 20, NOW, failed=False, events=(event,))
    desk.hub.span_listeners[0].span_events(span)
    assert desk.rows("agent_eval_results_total") == {("relevance", "online", "online", verdict): 1}
    assert desk.rows("agent_eval_last_run_timestamp_seconds") == {("online",): NOW - 11}


@pytest.mark.parametrize(
    ("unit", "bucket"),
    [
        pytest.param("user-1", "26", id="a user"),
        pytest.param("user-2", "22", id="another user"),
        pytest.param("žluťoučký", "24", id="beyond ASCII"),
    ],
)
def test_the_bucket_is_what_the_docs_say(unit: str, bucket: str, tmp_path: Path) -> None:
    with Desk(tmp_path, experiments={"files": ["x.jsonl"], "existing": "read"}) as desk:
        append(tmp_path / "x.jsonl", {"experiment": "e", "variant": "v", "unit": unit, "outcome": "success"})
        desk.tick()
        assert desk.rows("agent_experiment_tasks_total") == {(bucket, "e", "success", "v"): 1}


def test_ten_thousand_tasks_of_an_experiment_are_counted_exactly(tmp_path: Path) -> None:
    chance = random.Random(20251125)  # noqa: S311 - reproducible
    truth: dict[str, Counter[tuple[str, ...]]] = {name: Counter() for name in ("tasks", "cents", "seconds", "resolved")}
    guardrails: Counter[tuple[str, ...]] = Counter()
    with Desk(tmp_path, experiments={"files": ["x.jsonl"], "existing": "read"}) as desk:
        with (tmp_path / "x.jsonl").open("w") as file:
            for _ in range(10_007):
                variant, bucket = chance.choice(["a", "b"]), chance.randrange(32)
                outcome = chance.choice(["success", "error", "limit"])
                cents, seconds = chance.randrange(99), chance.choice([None, 3, 17])
                events = chance.choices(["pii", "unsafe_tool", "escalation"], k=chance.choice([0, 0, 0, 1, 2]))
                cell = (str(bucket), "checkout", variant)
                truth["tasks"][str(bucket), "checkout", outcome, variant] += 1
                truth["cents"][cell] += cents
                if seconds is not None:
                    truth["seconds"][cell] += seconds
                    truth["resolved"][cell] += 1
                guardrails.update(("checkout", event, variant) for event in events)
                record = {
                    "experiment": "checkout", "variant": variant, "bucket": bucket, "outcome": outcome,
                    "cost_usd": cents / 128, "resolution_seconds": seconds, "guardrails": events,
                }  # fmt: skip
                file.write(json.dumps(record) + "\n")
        desk.tick()
        assert desk.rows("agent_experiment_tasks_total") == truth["tasks"]
        cost = {cell: cents / 128 for cell, cents in truth["cents"].items() if cents}
        assert desk.rows("agent_experiment_cost_usd_total") == cost
        assert desk.rows("agent_experiment_resolutions_total") == truth["resolved"]
        assert desk.rows("agent_experiment_resolution_seconds_total") == truth["seconds"]
        assert desk.rows("agent_experiment_guardrail_events_total") == guardrails


def test_a_closed_run_counts_for_each_of_its_experiments(tmp_path: Path) -> None:
    with Desk(tmp_path, experiments={"known": {"e": ["a", "b"]}}) as desk:
        assigned = (Assignment("e", "a", "user-1"), Assignment("f", "x", "user-1"))
        run = ClosedRun(
            TRACE, "support", "success", NOW - 9, NOW, cost_usd=0.25, resolution_seconds=13.0,
            assignments=assigned, guardrails=("pii", "pii"),
        )  # fmt: skip
        desk.hub.run_listeners[0].run_closed(run)
        assert desk.rows("agent_experiment_tasks_total") == {
            ("26", "e", "success", "a"): 1, ("26", "f", "success", "x"): 1
        }  # fmt: skip
        assert desk.rows("agent_experiment_cost_usd_total") == {("26", "e", "a"): 0.25, ("26", "f", "x"): 0.25}
        assert desk.rows("agent_experiment_guardrail_events_total") == {("e", "pii", "a"): 2, ("f", "pii", "x"): 2}
        page = desk.page()
        assert (
            value(page, "agent_experiment_tasks_total", experiment="e", variant="b", bucket="31", outcome="error") == 0
        )


def test_a_task_needs_a_unit_or_a_bucket(tmp_path: Path) -> None:
    with Desk(tmp_path, experiments={"files": ["x.jsonl"], "existing": "read"}) as desk:
        task = {"experiment": "e", "variant": "a", "outcome": "success"}
        append(
            tmp_path / "x.jsonl",
            task,
            {**task, "unit": "u", "bucket": 3},
            {**task, "bucket": 32},
            {**task, "bucket": 3},
        )
        desk.tick()
        assert desk.rows("agent_experiment_tasks_total") == {("3", "e", "success", "a"): 1}
        assert desk.rows("agent_exporter_lines_refused_total") == {("experiments", "wrong_shape"): 3}
