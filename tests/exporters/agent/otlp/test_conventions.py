"""The same call, written in each convention, is the same metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.agent.desk import Desk
from tests.exporters.agent.otlp.spans import Making, send
from watchbill_exporters.agent.otlp.table import KINDS, MARKS, STRONG, WEAK

if TYPE_CHECKING:
    from pathlib import Path

MODEL: dict[str, dict[str, Any]] = {
    "OpenTelemetry 1.27 to 1.36": {
        "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 1301, "gen_ai.usage.output_tokens": 107,
    },
    "OpenTelemetry before 1.27": {
        "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o",
        "gen_ai.usage.prompt_tokens": 1301, "gen_ai.usage.completion_tokens": 107,
    },
    "OpenTelemetry since 1.37": {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 1301, "gen_ai.usage.output_tokens": 107,
    },
    "old and new names at once": {
        "gen_ai.usage.input_tokens": 1301, "gen_ai.usage.prompt_tokens": 9, "gen_ai.provider.name": "openai",
        "gen_ai.system": "az.ai.openai", "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.completion_tokens": 9, "gen_ai.usage.output_tokens": 107,
    },
    "OpenInference": {
        "openinference.span.kind": "LLM", "llm.provider": "openai", "llm.model_name": "gpt-4o",
        "llm.token_count.prompt": 1301, "llm.token_count.completion": 107, "llm.token_count.total": 1408,
    },
    "Traceloop": {
        "llm.request.type": "chat", "gen_ai.system": "OpenAI", "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.prompt_tokens": 1301, "gen_ai.usage.completion_tokens": 107, "llm.usage.total_tokens": 1408,
    },
    "numbers as text": {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": "1301", "gen_ai.usage.output_tokens": 107.0,
    },
}  # fmt: skip

RUN: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "OpenTelemetry": (
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "triage"},
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "scout"},
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"},
    ),
    "OpenTelemetry, a workflow": (
        {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "triage"},
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "scout"},
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"},
    ),
    "OpenInference": (
        {"openinference.span.kind": "AGENT", "agent.name": "triage"},
        {"openinference.span.kind": "AGENT", "agent.name": "scout"},
        {"openinference.span.kind": "TOOL", "tool.name": "search"},
    ),
    "Traceloop": (
        {"traceloop.span.kind": "workflow", "traceloop.entity.name": "triage", "traceloop.workflow.name": "x"},
        {"traceloop.span.kind": "agent", "traceloop.entity.name": "scout", "traceloop.workflow.name": "x"},
        {"traceloop.span.kind": "tool", "traceloop.entity.name": "search", "traceloop.workflow.name": "x"},
    ),
}


@pytest.mark.parametrize("said", MODEL.values(), ids=MODEL.keys())
def test_a_model_call_is_the_same_in_every_convention(tmp_path: Path, said: dict[str, Any]) -> None:
    with Desk(tmp_path, otlp={}) as desk:
        send(desk, Making().span(said), service="desk")
        desk.tick(6)
        assert desk.rows("agent_model_calls_total") == {("desk", "gpt-4o", "openai"): 1}
        assert desk.rows("agent_input_tokens_total") == {("desk", "gpt-4o", "openai"): 1301}
        assert desk.rows("agent_output_tokens_total") == {("desk", "gpt-4o", "openai"): 107}
        cost = desk.rows("agent_cost_usd_total")
        assert cost == {("desk", "model", "gpt-4o", "openai"): pytest.approx(1301 * 2.5e-6 + 107 * 10e-6)}


@pytest.mark.parametrize("said", RUN.values(), ids=RUN.keys())
def test_a_run_is_the_same_in_every_convention(
    tmp_path: Path, said: tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
) -> None:
    making = Making()
    root = making.span(said[0], seconds=3.0)
    below = making.span(said[1], root)
    with Desk(tmp_path, otlp={}) as desk:
        send(desk, making.span(said[2], below), below, root)
        desk.tick(6)
        assert desk.rows("agent_runs_total") == {("triage", "success"): 1}
        assert desk.rows("agent_subagent_runs_total") == {("triage", "success", "scout"): 1}
        assert desk.rows("agent_tool_calls_total") == {("triage", "ok", "search"): 1}


def test_a_framework_without_agents_has_its_root_chain_as_the_run(tmp_path: Path) -> None:
    making = Making()
    root = making.span({"openinference.span.kind": "CHAIN"}, name="LangGraph")
    step = making.span({"openinference.span.kind": "CHAIN"}, root, name="step")
    with Desk(tmp_path, otlp={}) as desk:
        send(desk, making.span(MODEL["OpenInference"], step), step, root, service="graph")
        desk.tick(6)
        assert desk.rows("agent_runs_total") == {("graph", "success"): 1}
        assert desk.rows("agent_model_calls_per_run_sum") == {("graph",): 1}


@pytest.mark.parametrize(
    ("name", "sent", "metric"),
    [
        ("cache read", "gen_ai.usage.cache_read.input_tokens", "agent_cache_read_input_tokens_total"),
        ("cache write", "gen_ai.usage.cache_write.input_tokens", "agent_cache_write_input_tokens_total"),
        ("cache write, old", "gen_ai.usage.cache_creation.input_tokens", "agent_cache_write_input_tokens_total"),
        ("cache write, Traceloop", "gen_ai.usage.cache_creation_input_tokens", "agent_cache_write_input_tokens_total"),
        ("reasoning", "gen_ai.usage.reasoning.output_tokens", "agent_reasoning_output_tokens_total"),
        ("reasoning, Traceloop", "llm.usage.reasoning_tokens", "agent_reasoning_output_tokens_total"),
        (
            "reasoning, OpenInference",
            "llm.token_count.completion_details.reasoning",
            "agent_reasoning_output_tokens_total",
        ),
    ],
)
def test_subsets_of_tokens_have_metrics_of_their_own(tmp_path: Path, name: str, sent: str, metric: str) -> None:
    with Desk(tmp_path, otlp={}) as desk:
        send(desk, Making().model(b"", (1301, 107), said={sent: 53}))
        desk.tick(6)
        assert desk.rows(metric) == {("desk", "gpt-4o", "openai"): 53}
        assert desk.rows("agent_input_tokens_total") == {("desk", "gpt-4o", "openai"): 1301}


@pytest.mark.parametrize(
    ("said", "events"),
    [
        ({"gen_ai.response.time_to_first_chunk": 0.3}, ()),
        ({}, [("gen_ai.content.completion.chunk", 0.3, {}), ("gen_ai.content.completion.chunk", 0.4, {})]),
        ({}, [("First Token Stream Event", 0.3, {})]),
    ],
    ids=["OpenTelemetry's attribute", "Traceloop's event", "OpenInference's event"],
)
def test_the_time_to_the_first_token_is_found(tmp_path: Path, said: dict[str, Any], events: Any) -> None:
    with Desk(tmp_path, otlp={}) as desk:
        send(desk, Making().model(b"", said=said, events=events))
        desk.tick(6)
        assert desk.rows("agent_time_to_first_token_seconds_sum") == {("desk", "gpt-4o", "openai"): pytest.approx(0.3)}


def test_no_attribute_stands_in_two_tables() -> None:
    assert not STRONG.keys() & WEAK.keys()
    assert not (STRONG.keys() | WEAK.keys()) & MARKS.keys()
    assert all(KINDS)
