"""Records of calls -> counters. Called under the tally's lock, once for each record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import calls, runs
from watchbill_exporters.agent.otlp.outcomes import OTHER, known_limit, limit_of, tool_outcome
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
    from watchbill_exporters.core.memory.tally import Tally

NONE = "none"
_MODEL, _TOOL, _AGENT = Kind.MODEL, Kind.TOOL, Kind.AGENT  # to read a member of an enum takes 40 ns


class Counting:
    """Counts single records; what they cost is returned, for the run they belong to."""

    def __init__(self, tally: Tally, prices: PriceBook, aliases: Mapping[str, str]) -> None:
        self._tally = tally
        self._series = KeptSeries(tally, prices, aliases)
        self.fresh = self._series.fresh

    def record(self, record: Record, agent: str, trace_id: str, *, judge: bool = False) -> float:
        """Count one record under an agent; return its cost in US dollars."""
        kind, started, ended, error_type = record.kind, record.started, record.ended, record.error_type
        seconds = (ended - started) / 1e9 if ended > started else 0.0
        cost = 0.0
        if kind is _MODEL:
            cost = self._model(record, agent, trace_id, seconds, judge=judge)
        elif kind is _TOOL:
            outcome = tool_outcome(record) if record.failed or error_type is not None else "ok"
            key = (agent, record.tool, outcome)
            tool = self._series.tools.get(key) or self._series.tool(key)
            now, cell = self._tally.now, tool.calls
            cell.value += 1.0
            cell.touched = now
            tool.duration.observe(seconds, trace_id, now)
        if error_type is not None and (limit := limit_of(error_type)) is not None:
            self._tally.add(runs.LIMIT_HITS, (agent, limit))
        for marks in record.marks:
            cost += self._marks(record, marks, agent)
        return cost

    def _model(self, record: Record, agent: str, trace_id: str, seconds: float, *, judge: bool) -> float:
        now = self._tally.now
        key = (agent, record.provider, record.request_model, record.response_model)
        series = self._series.models.get(key) or self._series.model(key)
        cell = series.calls
        cell.value += 1.0
        cell.touched = now
        series.duration.observe(seconds, trace_id, now)
        if record.failed or record.error_type is not None:
            self._tally.add(calls.MODEL_CALL_ERRORS, (*series.labels, record.error_type or OTHER))
        if record.first_token is not None:
            self._tally.observe(calls.FIRST_TOKEN, series.labels, record.first_token, trace_id)
        given, written = record.input_tokens, record.output_tokens
        if given is None and written is None:
            return 0.0
        subsets = record.cache_read is not None or record.cache_write is not None or record.reasoning is not None
        if judge or subsets or series.flat is None:
            return self._usage(record, series, "judge" if judge else "model")
        given, written = given or 0, written or 0  # from here on: the plain case, which most calls are
        cell = series.input
        cell.value += given
        cell.touched = now
        cell = series.output
        cell.value += written
        cell.touched = now
        rate, written_rate = series.flat
        cost: float = given * rate + written * written_rate
        cell = series.cost
        cell.value += cost
        cell.touched = now
        return cost

    def _usage(self, record: Record, series: ModelSeries, cost_type: str) -> float:
        usage, tally, labels = usage_of(record), self._tally, series.labels
        tally.add(calls.INPUT_TOKENS, labels, usage.input)
        tally.add(calls.OUTPUT_TOKENS, labels, usage.output)
        if record.cache_read is not None:
            tally.add(calls.CACHE_READ_TOKENS, labels, usage.cache_read)
        if record.cache_write is not None:
            tally.add(calls.CACHE_WRITE_TOKENS, labels, usage.cache_write)
        if record.reasoning is not None:
            tally.add(calls.REASONING_TOKENS, labels, usage.reasoning)
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
        self._tally.add(calls.COST, (*series.labels, cost_type), cost)
        return cost

    def _marks(self, record: Record, marks: Mapping[str, Scalar], agent: str) -> float:
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
        if "cost" not in marks or record.kind in {_MODEL, _AGENT}:  # an agent's span repeats what its calls cost
            return 0.0
        cost = _positive(marks["cost"])
        kind = str(marks.get("cost_type", "tool" if record.kind is _TOOL else "other"))
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
