"""What the records of one run add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.listeners import Assignment, ClosedRun
from watchbill_exporters.agent.otlp.count import usage_of
from watchbill_exporters.agent.otlp.record import UNKNOWN
from watchbill_exporters.agent.otlp.table import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from watchbill_exporters.agent.listeners import Scalar
    from watchbill_exporters.agent.otlp.record import Record

ESCALATION = "escalation"
ALLOW = "allow"
_MODEL, _TOOL = Kind.MODEL, Kind.TOOL


class Sums:
    """Adds up; `models` and `tools` are numbers of calls."""

    __slots__ = ("cost", "input", "marks", "models", "output", "tools")

    def __init__(self) -> None:
        self.cost = 0.0
        self.models = self.tools = self.input = self.output = 0
        self.marks: list[Mapping[str, Scalar]] = []

    def add(self, record: Record, cost: float) -> None:
        self.cost += cost
        kind = record.kind
        if kind is _MODEL:
            self.models += 1
            if record.cache_read is None and record.cache_write is None:
                self.input += record.input_tokens or 0
                self.output += record.output_tokens or 0
            else:
                usage = usage_of(record)
                self.input += usage.input
                self.output += usage.output
        elif kind is _TOOL:
            self.tools += 1
        if record.marks:
            self.marks += record.marks

    def closed_run(self, run: Record, trace_id: str, agent: str, outcome: str) -> ClosedRun:
        return ClosedRun(
            trace_id=trace_id,
            agent=agent,
            outcome=outcome,
            started=run.started / 1e9,
            ended=run.ended / 1e9,
            cost_usd=self.cost,
            model_calls=self.models,
            tool_calls=self.tools,
            input_tokens=self.input,
            output_tokens=self.output,
            graph_version=graph_version([run]),
            resolution_seconds=resolution(run),
            assignments=tuple(self._assignments(trace_id)),
            guardrails=tuple(self._guardrails()),
        )

    def _assignments(self, trace_id: str) -> Iterable[Assignment]:
        """The first of each experiment holds: a flag may be looked at many times in a run."""
        seen: set[str] = set()
        for marks in self.marks:
            if "experiment" in marks and "variant" in marks and (name := str(marks["experiment"])) not in seen:
                seen.add(name)
                yield Assignment(name, str(marks["variant"]), str(marks.get("unit", trace_id)))

    def _guardrails(self) -> Iterable[str]:
        for marks in self.marks:
            if str(marks.get("action", ALLOW)) != ALLOW:
                yield str(marks.get("guardrail", UNKNOWN))
            if "escalation" in marks:
                yield ESCALATION


def graph_version(records: list[Record]) -> str:
    """Return the version the records say, else that of their service; empty when nobody says."""
    for record in records:
        for marks in record.marks:
            found = marks.get("graph_version", marks.get("agent_version"))
            if found is not None:
                return str(found)
    return records[0].origin.version


def resolution(run: Record) -> float | None:
    for marks in run.marks:
        found = marks.get("resolution")
        if isinstance(found, int | float) and found >= 0:
            return float(found)
    return None
