"""What a run is, and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.agent.desk import NOW, Desk
from tests.exporters.agent.otlp.spans import Making, send
from tests.exporters.pages import value
from watchbill_exporters.agent.listeners import Assignment, ClosedRun

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path, otlp={}) as made:
        yield made


def test_a_run_is_counted_once_its_root_has_settled(desk: Desk) -> None:
    making = Making()
    root = making.agent()
    send(desk, making.model(root), root)
    desk.tick(4)
    assert desk.rows("agent_runs_total") == {}
    desk.tick(1)
    assert desk.rows("agent_runs_total") == {("triage", "success"): 1}


def test_children_wait_for_the_root_that_names_the_agent(desk: Desk) -> None:
    making = Making()
    root = making.agent()
    send(desk, making.model(root))
    desk.tick(20)
    assert desk.rows("agent_model_calls_total") == {}
    send(desk, root)
    desk.tick(6)
    assert desk.rows("agent_model_calls_total") == {("triage", "gpt-4o", "openai"): 1}


def test_calls_of_a_long_run_are_counted_before_it_ends(desk: Desk) -> None:
    making = Making()
    root = making.agent()
    send(desk, making.model(root), service="desk")
    desk.tick(31)
    assert desk.rows("agent_model_calls_total") == {("desk", "gpt-4o", "openai"): 1}
    assert desk.rows("agent_runs_total") == {}
    send(desk, making.model(root), root)
    desk.tick(31)
    assert sum(desk.rows("agent_model_calls_total").values()) == 2
    assert desk.rows("agent_model_calls_per_run_sum") == {("triage",): 2}


def test_runs_in_progress_are_shown_until_their_root_comes(desk: Desk) -> None:
    making = Making()
    root = making.agent(said={"watchbill.graph.version": "v7"})
    send(desk, making.tool(root, at=NOW - 100, said={"watchbill.graph.version": "v7"}), service="triage")
    page = desk.page()
    assert value(page, "agent_runs_in_progress", agent="triage", graph_version="v7") == 1
    assert value(page, "agent_run_oldest_active_start_timestamp_seconds", agent="triage") == NOW - 100
    send(desk, root, service="triage")
    page = desk.page()
    assert value(page, "agent_runs_in_progress", agent="triage", graph_version="v7") == 0
    assert value(page, "agent_run_oldest_active_start_timestamp_seconds", agent="triage") is None


def test_only_the_latest_five_graph_versions_are_shown(desk: Desk) -> None:
    for version in range(9):
        making = Making()
        said = {"watchbill.graph.version": f"v{version}"}
        send(desk, making.tool(making.agent(), at=NOW + version, said=said))
        desk.page()
    page = desk.page()
    shown = [value(page, "agent_runs_in_progress", agent="desk", graph_version=f"v{version}") for version in range(9)]
    assert [one is not None for one in shown] == [False] * 4 + [True] * 5
    assert value(page, "agent_runs_in_progress", agent="desk", graph_version="other") == 4


def test_a_run_without_a_root_is_given_up_and_counted_as_timed_out(desk: Desk) -> None:
    making = Making()
    send(desk, making.model(making.agent(), said={"gen_ai.agent.name": "triage"}))
    desk.tick(590)
    desk.page()
    assert desk.rows("agent_runs_total") == {}
    desk.tick(40)
    assert desk.rows("agent_runs_total") == {("triage", "timeout"): 1}
    assert desk.rows("agent_exporter_otlp_runs_expired_total") == {(): 1}


def test_a_call_that_belongs_to_no_agent_is_no_run(desk: Desk) -> None:
    send(desk, Making().model(b""), service="chat")
    desk.tick(700)
    assert desk.rows("agent_model_calls_total") == {("chat", "gpt-4o", "openai"): 1}
    assert desk.rows("agent_runs_total") == {}


def test_an_agent_below_a_web_request_is_the_run(desk: Desk) -> None:
    making = Making()
    web = making.span({"http.request.method": "POST"})
    first, second = making.agent("triage", web), making.agent("billing", web)
    send(desk, making.tool(first), making.tool(second), making.tool(second), first, second, web)
    desk.tick(6)
    assert desk.rows("agent_runs_total") == {("triage", "success"): 1, ("billing", "success"): 1}
    assert desk.rows("agent_tool_calls_per_run_sum") == {("triage",): 1, ("billing",): 2}


def test_an_agent_whose_parent_is_in_another_process_is_the_run(desk: Desk) -> None:
    making = Making()
    root = making.agent("triage", b"\x77" * 8, remote=True)
    send(desk, making.tool(root), root)
    desk.tick(6)
    assert desk.rows("agent_runs_total") == {("triage", "success"): 1}


def test_a_conversation_in_one_trace_is_a_run_for_each_turn(desk: Desk) -> None:
    making = Making()
    for turn in range(3):
        root = making.agent("triage", bytes([9, turn]) * 4, remote=True)
        send(desk, making.tool(root))
        desk.tick(10)
        send(desk, root)
        desk.tick(60)
        desk.page()
    assert desk.rows("agent_runs_total") == {("triage", "success"): 3}
    assert desk.rows("agent_tool_calls_per_run_sum") == {("triage",): 3}


def test_the_wrapper_of_a_model_call_is_not_counted_again(desk: Desk) -> None:
    making = Making()
    root = making.agent()
    outer = making.model(root, (500, 70))
    middle = making.span({"openinference.span.kind": "CHAIN"}, outer)
    send(desk, making.model(middle, (500, 70)), middle, outer, root)
    desk.tick(6)
    assert desk.rows("agent_input_tokens_total") == {("triage", "gpt-4o", "openai"): 500}
    assert desk.rows("agent_model_calls_per_run_sum") == {("triage",): 1}


def test_tokens_on_spans_of_agents_are_sums_of_their_children(desk: Desk) -> None:
    making = Making()
    root = making.agent(said={"gen_ai.usage.input_tokens": 500, "gen_ai.usage.output_tokens": 70})
    send(desk, making.model(root, (500, 70)), root)
    desk.tick(6)
    assert desk.rows("agent_output_tokens_total") == {("triage", "gpt-4o", "openai"): 70}


def test_spans_that_are_each_others_parents_do_no_harm(desk: Desk) -> None:
    making = Making()
    one, other = making.agent("one"), making.agent("other")
    one.parent_span_id, other.parent_span_id = other.span_id, one.span_id
    call = making.model(one)
    send(desk, one, other, call)
    desk.tick(700)
    assert desk.rows("agent_model_calls_total")
    assert desk.rows("agent_exporter_otlp_runs_expired_total") == {(): 1}


@pytest.mark.parametrize(
    ("said", "metric", "row"),
    [
        ({"watchbill.limit": "tokens"}, "agent_limit_hits_total", ("triage", "tokens")),
        ({"watchbill.limit": "patience"}, "agent_limit_hits_total", ("triage", "other")),
        ({"watchbill.fallback.reason": "rate_limit"}, "agent_model_fallbacks_total", ("triage", "rate_limit")),
        ({"watchbill.escalation.reason": "angry"}, "agent_escalations_total", ("triage", "angry")),
        (
            {
                "watchbill.guardrail.name": "pii",
                "watchbill.guardrail.category": "pii",
                "watchbill.guardrail.action": "redact",
            },
            "agent_guardrail_actions_total",
            ("redact", "pii", "pii"),
        ),
    ],
)
@pytest.mark.parametrize("on", ["span", "event"])
def test_what_no_convention_has_is_said_by_attributes_of_ours(
    desk: Desk, said: dict[str, Any], metric: str, row: tuple[str, ...], on: str
) -> None:
    making = Making()
    root = making.agent()
    told = making.span(said, root) if on == "span" else making.span({}, root, events=[("note", 0.1, said)])
    send(desk, told, root)
    desk.tick(6)
    assert desk.rows(metric) == {row: 1}


def test_costs_are_split_by_type(desk: Desk) -> None:
    making = Making()
    root = making.agent()
    judge = making.span({"openinference.span.kind": "EVALUATOR"}, root)
    send(
        desk,
        making.model(root, (1000, 0)),
        judge,
        making.model(judge, (2000, 0)),
        making.tool(root, said={"watchbill.cost.usd": 0.07}),
        making.span({"watchbill.cost.usd": 0.03, "watchbill.cost.type": "sandbox"}, root),
        root,
    )
    desk.tick(6)
    assert desk.rows("agent_cost_usd_total") == {
        ("triage", "model", "gpt-4o", "openai"): pytest.approx(0.0025),
        ("triage", "judge", "gpt-4o", "openai"): pytest.approx(0.005),
        ("triage", "tool", "none", "none"): pytest.approx(0.07),
        ("triage", "sandbox", "none", "none"): pytest.approx(0.03),
    }


def test_listeners_are_told_of_each_run(desk: Desk) -> None:
    told: list[ClosedRun] = []

    class Listener:
        def run_closed(self, run: ClosedRun) -> None:
            told.append(run)

    desk.hub.run_listeners.append(Listener())
    making = Making()
    flag = {"feature_flag.key": "prompt", "feature_flag.result.variant": "b", "feature_flag.context.id": "user-3"}
    root = making.agent(said={"watchbill.resolution.seconds": 71.0}, events=[("feature_flag.evaluation", 0.1, flag)])
    block = {"watchbill.guardrail.name": "tools", "watchbill.guardrail.action": "block"}
    send(desk, making.model(root, (1000, 100)), making.tool(root, said=block), root)
    desk.tick(6)
    desk.page()
    [run] = told
    assert run.assignments == (Assignment("prompt", "b", "user-3"),)
    assert (run.model_calls, run.tool_calls, run.input_tokens, run.output_tokens) == (1, 1, 1000, 100)
    assert (run.guardrails, run.resolution_seconds) == (("tools",), 71.0)
    assert run.cost_usd == pytest.approx(0.0035)


def test_experiments_are_counted_by_bucket_with_outcome_and_cost(tmp_path: Path) -> None:
    flag = {"feature_flag.key": "prompt", "feature_flag.result.variant": "b", "feature_flag.context.id": "user-3"}
    with Desk(tmp_path, otlp={}, experiments={}) as desk:
        making = Making()
        root = making.agent(said=flag)
        send(desk, making.model(root, (1000, 100)), root)
        desk.tick(6)
        [(labels, count)] = desk.rows("agent_experiment_tasks_total").items()
        assert (labels[1:], count) == (("prompt", "success", "b"), 1)
        assert list(desk.rows("agent_experiment_cost_usd_total").values()) == [pytest.approx(0.0035)]


def test_histograms_carry_the_trace_of_an_observation(desk: Desk) -> None:
    making = Making()
    root = making.agent()
    send(desk, root)
    desk.tick(6)
    page = desk.page("application/openmetrics-text; version=1.0.0")
    line = next(one for one in page.splitlines() if one.startswith("agent_run_duration") and " # {" in one)
    assert f'trace_id="{making.trace_id.hex()}"' in line


def test_a_clean_end_counts_what_is_held(tmp_path: Path) -> None:
    desk, making = Desk(tmp_path, otlp={}), Making()
    root = making.agent()
    send(desk, making.model(root), root, Making().model(b"", said={"gen_ai.agent.name": "open"}))
    desk.runtime.close()
    tally = desk.hub.tally
    rows = {f.name: dict(rows) for f, rows in tally.read().rows.items() if f.name == "agent_runs_total"}
    assert rows == {"agent_runs_total": {("triage", "success"): 1}}
