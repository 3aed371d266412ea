"""Runs whose outcomes, calls, tokens and costs are known, because they are made here; and how they are sent."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.exporters.agent.otlp.spans import START, Making

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.proto.trace.v1.trace_pb2 import Span

AGENTS = ("triage", "billing", "research")
RATES = {"m-small": (3.0, 7.0), "m-large": (13.0, 29.0)}  # US dollars for a million tokens
MODELS = (*RATES, "m-nobody-prices")
OUTCOMES: tuple[tuple[str, dict[str, Any], bool], ...] = (
    ("success", {}, False), ("success", {}, False), ("success", {}, False),
    ("error", {"error.type": "ValueError"}, True),
    ("timeout", {"error.type": "TimeoutError"}, True),
    ("cancelled", {"error.type": "asyncio.CancelledError"}, True),
    ("limit", {"error.type": "langgraph.errors.GraphRecursionError"}, True),
    ("handoff", {"watchbill.run.outcome": "handoff"}, False),
)  # fmt: skip
TOOLS: tuple[tuple[str, dict[str, Any], bool], ...] = (
    ("ok", {}, False), ("ok", {}, False),
    ("error", {"error.type": "KeyError"}, True),
    ("denied", {"error.type": "PermissionError"}, True),
    ("timeout", {"error.type": "httpx.ReadTimeout"}, True),
)  # fmt: skip


@dataclass
class World:
    """What was made: spans with the time they arrive, and what must be counted."""

    random: random.Random
    arrivals: list[tuple[float, int, Span]] = field(default_factory=list)
    truth: Counter[tuple[str, ...]] = field(default_factory=Counter)
    late: int = 0

    def run(self, number: int, *, late: bool) -> None:
        rnd, making = self.random, Making()
        at = START + number * 0.01
        agent = rnd.choice(AGENTS)
        outcome, said, failed = rnd.choice(OUTCOMES)
        root = making.agent(agent, at=at, seconds=20.0, said=said, failed=failed)
        under = [root]
        if rnd.random() < 0.3:
            sub = making.agent("helper", root, at=at, seconds=9.0)
            under.append(sub)
            self._arrive(at, sub)
            self.truth["agent_subagent_runs_total", agent, "success", "helper"] += 1
        if rnd.random() < 0.3:
            plain = making.span({"http.request.method": "GET"}, rnd.choice(under), at=at)
            under.append(plain)
            self._arrive(at, plain)
        models, tools = rnd.randrange(5), rnd.randrange(4)
        for _ in range(models):
            self._model(making, agent, rnd.choice(under), at)
        for _ in range(tools):
            self._tool(making, agent, rnd.choice(under), at)
        if late:
            self._tool(making, agent, rnd.choice(under), at, after=rnd.uniform(60, 90))
            self.late += 1
        self.truth["agent_runs_total", agent, outcome] += 1
        self.truth["agent_run_duration_seconds_count", agent, outcome] += 1
        self.truth["agent_model_calls_per_run_sum", agent] += models
        self.truth["agent_tool_calls_per_run_sum", agent] += tools
        if failed:
            self.truth["agent_run_errors_total", agent, str(said["error.type"])] += 1
        if outcome == "limit":
            self.truth["agent_limit_hits_total", agent, "recursion"] += 1
        self._arrive(at, root)

    def _model(self, making: Making, agent: str, parent: Span, at: float) -> None:
        rnd = self.random
        model, given, written = rnd.choice(MODELS), rnd.randrange(5000), rnd.randrange(700)
        said: dict[str, Any] = {"gen_ai.provider.name": "house"}
        labels = (agent, model, "house")
        cost = 0.0
        rates = RATES.get(model)
        if rates is None:
            self.truth["agent_unpriced_tokens_total", model, "house"] += given + written
        else:
            cost = (given * rates[0] + written * rates[1]) / 1e6
        if rnd.random() < 0.3:
            said["gen_ai.usage.cache_read.input_tokens"] = cached = rnd.randrange(given + 1)
            self.truth["agent_cache_read_input_tokens_total", *labels] += cached
        self._arrive(at, making.model(parent, (given, written), model, at=at, said=said))
        self.truth["agent_model_calls_total", *labels] += 1
        self.truth["agent_input_tokens_total", *labels] += given
        self.truth["agent_output_tokens_total", *labels] += written
        if cost:
            self.truth["agent_cost_usd_total", agent, "model", model, "house"] += cost  # type: ignore[assignment]

    def _tool(self, making: Making, agent: str, parent: Span, at: float, after: float = 0.0) -> None:
        outcome, said, failed = self.random.choice(TOOLS)
        name = f"tool-{self.random.randrange(3)}"
        span = making.tool(parent, name, at=at, said=said, failed=failed)
        self._arrive(at, span, after)
        self.truth["agent_tool_calls_total", agent, outcome, name] += 1

    def _arrive(self, at: float, span: Span, after: float = 0.0) -> None:
        """Children come up to 20 seconds before their root and up to 4 after it; one of 20 comes twice."""
        when = at + 20 + (after or self.random.uniform(-20 if span.parent_span_id else 0, 4))
        self.arrivals.append((when, len(self.arrivals), span))
        if self.random.random() < 0.05:
            self.arrivals.append((when + self.random.uniform(0, 30), len(self.arrivals), span))

    def batches(self) -> Iterator[tuple[float, list[Span]]]:
        """Yield what is sent together within two seconds: traces are split over batches, batches hold many traces."""
        waiting = sorted(self.arrivals, key=lambda one: one[:2])
        begin = 0
        while begin < len(waiting):
            end, last = begin + self.random.randrange(1, 700), waiting[begin][0] + 2
            batch = [one for one in waiting[begin:end] if one[0] < last]
            begin += len(batch)
            spans = [span for _, _, span in batch]
            self.random.shuffle(spans)
            yield batch[-1][0], spans


def make(seed: int, runs: int) -> World:
    world = World(random.Random(seed))  # noqa: S311 - the same world each time
    for number in range(runs):
        world.run(number, late=number % 50 == 0)
    return world
