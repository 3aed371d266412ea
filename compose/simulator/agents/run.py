"""One run of an agent, in real time, as spans of OpenTelemetry's GenAI conventions."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry.trace import SpanKind, StatusCode

from compose.simulator.agents.calls import GatewayError
from compose.simulator.names import SUBAGENTS, TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.trace import Span, Tracer

    from compose.simulator.agents.calls import Models
    from compose.simulator.agents.conduct import Conduct
    from compose.simulator.chance import Chance

TOOL_SECONDS = 0.12
LIMIT = "recursion"


class Run:
    """A turn: it thinks, uses tools, perhaps asks a subagent, and answers."""

    def __init__(self, agent: str, conduct: Conduct, chance: Chance, tracer: Tracer, models: Models) -> None:
        self._agent, self._conduct, self._chance = agent, conduct, chance
        self._tracer, self._models = tracer, models

    @property
    def _whose(self) -> dict[str, str]:
        """On every span, so that a run under way is known by its agent before its root span ends."""
        return {"gen_ai.agent.name": self._agent, "watchbill.graph.version": self._conduct.graph}

    async def __call__(self) -> None:
        conduct, chance = self._conduct, self._chance
        with self._span("invoke_agent", self._agent) as root:
            try:
                await self._work(root)
            except GatewayError as error:
                _fail(root, str(error))
                return
            if chance.happens(conduct.runs_fail):
                _fail(root, "ToolOutputParseError")
            elif chance.happens(conduct.runs_time_out):
                _fail(root, "TimeoutError")
            elif chance.happens(conduct.runs_hit_limits):
                root.set_attribute("watchbill.limit", LIMIT)
                _fail(root, "GraphRecursionError")
            elif chance.happens(conduct.escalates):
                root.set_attribute("watchbill.escalation.reason", "asked_for_a_person")
                root.set_attribute("watchbill.run.outcome", "handoff")

    async def _work(self, root: Span) -> None:
        chance = self._chance
        self._guard(root)
        await self._models.call(self._tracer, self._whose)
        for _ in range(chance.whole(1, 2)):
            await self._use(chance.any_of(TOOLS))
        if chance.happens(0.2):
            with self._span("invoke_agent", SUBAGENTS[self._agent]):
                await self._models.call(self._tracer, self._whose)
        await self._models.call(self._tracer, self._whose)

    async def _use(self, tool: str) -> None:
        said = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool, **self._whose}
        with self._tracer.start_as_current_span(f"execute_tool {tool}", attributes=said) as span:
            await asyncio.sleep(self._chance.around(TOOL_SECONDS))
            if self._chance.happens(self._conduct.tools_fail):
                _fail(span, "ConnectionError")
            elif self._chance.happens(self._conduct.tools_denied):
                _fail(span, "PermissionError")

    def _guard(self, root: Span) -> None:
        action = "block" if self._chance.happens(self._conduct.guardrail_blocks) else "allow"
        said = {
            "watchbill.guardrail.name": "pii-filter",
            "watchbill.guardrail.category": "pii",
            "watchbill.guardrail.action": action,
        }
        root.add_event("guardrail", said)

    @contextmanager
    def _span(self, operation: str, agent: str) -> Iterator[Span]:
        said = {"gen_ai.operation.name": operation, **self._whose, "gen_ai.agent.name": agent}
        with self._tracer.start_as_current_span(f"{operation} {agent}", kind=SpanKind.INTERNAL, attributes=said) as one:
            yield one


def _fail(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR, kind)
