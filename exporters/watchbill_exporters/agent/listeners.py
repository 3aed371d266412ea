"""What one feed tells the others: closed runs, and spans with events. Neither knows who listens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

Scalar = str | bool | int | float


@dataclass(frozen=True)
class Assignment:
    """A run took part in an experiment; `unit` is what was randomised (a user, a thread), never shown."""

    experiment: str
    variant: str
    unit: str


@dataclass(frozen=True)
class ClosedRun:
    """A run whose root span has ended. Costs are complete but for spans that come later."""

    trace_id: str
    agent: str
    outcome: str
    started: float
    ended: float
    cost_usd: float = 0.0
    model_calls: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    graph_version: str = ""
    resolution_seconds: float | None = None
    assignments: tuple[Assignment, ...] = ()
    guardrails: tuple[str, ...] = ()
    """Guardrails that did more than allow (block, redact, flag), one for each time; `escalation` among them."""


@dataclass(frozen=True)
class SpanEvent:
    """One event of a span: first token, chunk, `gen_ai.evaluation.result`, ..."""

    name: str
    at: float
    attributes: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True)
class SpanEvents:
    """A span that has events. Each span is told once, however often it was sent."""

    trace_id: str
    span_id: str
    agent: str
    operation: str
    started: float
    ended: float
    failed: bool
    events: tuple[SpanEvent, ...]
    root: bool = False


class RunListener(Protocol):
    """Is told of each run once; called under the tally's lock, so it must be short."""

    def run_closed(self, run: ClosedRun) -> None: ...


class SpanListener(Protocol):
    """Is told of each span that has events; called under the tally's lock, so it must be short."""

    def span_events(self, span: SpanEvents) -> None: ...
