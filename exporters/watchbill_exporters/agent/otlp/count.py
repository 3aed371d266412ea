"""Records of calls -> counters. Called under the tally's lock, once for each record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import calls, runs
from watchbill_exporters.agent.otlp.outcomes import error_type_of, known_limit, limit_of, tool_outcome
from watchbill_exporters.agent.otlp.record import UNKNOWN, provider_name
from watchbill_exporters.agent.otlp.series import KeptSeries
from watchbill_exporters.agent.otlp.table import Kind
from watchbill_exporters.agent.prices import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill_exporters.agent.listeners import Scalar
    from watchbill_exporters.agent.otlp.record import Record
    from watchbill_exporters.agent.otlp.series import ModelSeries
    from watchbill_exporters.agent.prices import PriceBook
    from watchbill_exporters.agent.tally import Tally

NONE = "none"


class Counting:
    """Counts single records; what they cost is returned, for the run they belong to."""

    def __init__(self, tally: Tally, prices: PriceBook, aliases: Mapping[str, str]) -> None:
        self._tally, self._aliases = tally, aliases
        self._series = KeptSeries(tally, prices)

    def fresh(self) -> None:
        self._series.fresh()

    def record(self, record: Record, agent: str, trace_id: str, *, judge: bool = False) -> float:
        """Count one record under an agent; return its cost in US dollars."""
        cost = 0.0
        kind = record.kind
        if kind is Kind.MODEL:
            cost = self._model(record, agent, trace_id, "judge" if judge else "model")
        elif kind is Kind.TOOL:
            self._tool(record, agent, trace_id)
        if record.error_type is not None and (limit := limit_of(record.error_type)) is not None:
            self._tally.add(runs.LIMIT_HITS, (agent, limit))
        for marks in record.marks:
            cost += self._marks(record, marks, agent, priced=kind is Kind.MODEL)
        return cost

    def _model(self, record: Record, agent: str, trace_id: str, cost_type: str) -> float:
        now, tally = self._tally.now, self._tally
        model = record.response_model or record.request_model or UNKNOWN
        series = self._series.model((agent, provider_name(record.provider), self._aliases.get(model, model), model))
        cell = series.calls
        cell.value += 1
        cell.touched = now
        series.duration.observe(record.seconds, trace_id, now)
        if record.failed or record.error_type is not None:
            tally.add(calls.MODEL_CALL_ERRORS, (*series.labels, error_type_of(record)))
        if record.first_token is not None:
            tally.observe(calls.FIRST_TOKEN, series.labels, record.first_token, trace_id)
        if record.input_tokens is None and record.output_tokens is None:
            return 0.0
        usage = usage_of(record)
        for cell, tokens in ((series.input, usage.input), (series.output, usage.output)):
            cell.value += tokens
            cell.touched = now
        if record.cache_read is not None:
            tally.add(calls.CACHE_READ_TOKENS, series.labels, usage.cache_read)
        if record.cache_write is not None:
            tally.add(calls.CACHE_WRITE_TOKENS, series.labels, usage.cache_write)
        if record.reasoning is not None:
            tally.add(calls.REASONING_TOKENS, series.labels, usage.reasoning)
        return self._cost(record, series, usage, cost_type)

    def _cost(self, record: Record, series: ModelSeries, usage: Usage, cost_type: str) -> float:
        if series.price is None:
            told = next((m["cost"] for m in record.marks if "cost" in m), None)
            if told is None:
                self._tally.add(calls.UNPRICED_TOKENS, series.labels[1:], usage.input + usage.output)
                return 0.0
            cost = _positive(told)
        else:
            cost = series.price.cost(usage, record.ended / 1e9)
        if cost_type == "model" and series.cost is not None:
            series.cost.value += cost
            series.cost.touched = self._tally.now
        else:
            self._tally.add(calls.COST, (*series.labels, cost_type), cost)
        return cost

    def _tool(self, record: Record, agent: str, trace_id: str) -> None:
        now = self._tally.now
        series = self._series.tool((agent, record.tool or UNKNOWN, tool_outcome(record)))
        series.calls.value += 1
        series.calls.touched = now
        series.duration.observe(record.seconds, trace_id, now)

    def _marks(self, record: Record, marks: Mapping[str, Scalar], agent: str, *, priced: bool) -> float:
        tally = self._tally
        if "limit" in marks:
            tally.add(runs.LIMIT_HITS, (agent, known_limit(str(marks["limit"]))))
        if "fallback" in marks:
            tally.add(runs.FALLBACKS, (agent, str(marks["fallback"])))
        if "action" in marks or "guardrail" in marks:
            name, category = str(marks.get("guardrail", UNKNOWN)), str(marks.get("category", "other"))
            tally.add(runs.GUARDRAIL_ACTIONS, (name, category, str(marks.get("action", "allow"))))
        if "escalation" in marks:
            tally.add(runs.ESCALATIONS, (agent, str(marks["escalation"])))
        if "cost" not in marks or priced or record.kind is Kind.AGENT:  # an agent's span repeats what its calls cost
            return 0.0
        cost = _positive(marks["cost"])
        kind = str(marks.get("cost_type", "tool" if record.kind is Kind.TOOL else "other"))
        labels = (agent, provider_name(record.provider) if record.provider else NONE, record.request_model or NONE)
        tally.add(calls.COST, (*labels, kind), cost)
        return cost


def usage_of(record: Record) -> Usage:
    """Return the tokens of a call; some instrumentations of Anthropic's API leave cached tokens out of the input."""
    given, written = record.input_tokens or 0, record.output_tokens or 0
    read, write = record.cache_read or 0, record.cache_write or 0
    if read + write > given:
        given += read + write
    return Usage(given, written, read, write, min(record.reasoning or 0, written))


def _positive(value: Scalar) -> float:
    return max(0.0, float(value)) if isinstance(value, int | float) else 0.0
