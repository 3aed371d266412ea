"""The hot loop: spans of a request into their traces. Only wanted attributes are touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill_exporters.agent.otlp.record import Origin, Record
from watchbill_exporters.agent.otlp.table import (
    FIRST_NUMBER,
    FIRST_TOKEN_EVENTS,
    KINDS,
    MARKS,
    STRONG,
    WEAK,
    Kind,
    Slot,
)
from watchbill_exporters.agent.otlp.values import count, events_of, marks_of, number, origin_of, text
from watchbill_exporters.agent.otlp.wire import REMOTE

if TYPE_CHECKING:
    from watchbill_exporters.agent.otlp.traces import Trace, Traces

_MARK = 1000
_SLOTS: dict[str, int] = {
    **dict.fromkeys(MARKS, _MARK),
    **{name: ~int(slot) for name, slot in WEAK.items()},  # negative: does not replace what is there
    **{name: int(slot) for name, slot in STRONG.items()},
}
_BLANK: list[Any] = [None] * len(Slot)
_OPERATION, _AGENT, _TOOL, _ENTITY = int(Slot.OPERATION), int(Slot.AGENT), int(Slot.TOOL), int(Slot.ENTITY)
_PROVIDER, _REQUEST, _ERROR, _FIRST = (
    int(Slot.PROVIDER), int(Slot.REQUEST_MODEL), int(Slot.ERROR_TYPE), int(Slot.FIRST_TOKEN),
)  # fmt: skip
_ERROR_STATUS = 2


@dataclass
class Received:
    """What became of the spans of one request."""

    counted: int = 0
    duplicate: int = 0
    ignored: int = 0
    rejected: int = 0


def receive(request: Any, traces: Traces, now: float, *, events: bool) -> Received:
    """Put every span into its trace; `events` says whether anybody wants those of spans."""
    out = Received()
    last_id, trace = b"", None
    slots, blank = _SLOTS, _BLANK
    for resource_spans in request.resource_spans:
        origin = origin_of(resource_spans.resource.attributes)
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                trace_id = span.trace_id
                if trace_id != last_id or trace is None:
                    last_id, trace = trace_id, traces.of(trace_id, now)
                span_id, ended = span.span_id, span.end_time_unix_nano
                if trace is None or len(span_id) != 8 or not ended:
                    out.rejected += 1
                    continue
                if span_id in trace.parents or (trace.before is not None and span_id in trace.before.spans):
                    out.duplicate += 1
                    continue
                values, marked = blank[:], False
                for attribute in span.attributes:
                    slot = slots.get(attribute.key)
                    if slot is None:
                        continue
                    if slot < 0:
                        slot = ~slot
                        if values[slot] is not None:
                            continue
                    elif slot == _MARK:
                        marked = True
                        continue
                    value = attribute.value
                    if slot < FIRST_NUMBER:
                        values[slot] = value.string_value or text(value)
                    elif slot != _FIRST:
                        # bool and int are both ints in Python; a 0 may be one of another type
                        tokens = value.int_value
                        values[slot] = tokens if 0 < tokens < 1_000_000_000 else count(value)
                    else:
                        values[slot] = number(value)
                record = _record(span, span_id, ended, origin, values, marked=marked, events=events)
                if record is None:
                    out.ignored += 1
                else:
                    out.counted += 1
                _place(trace, traces, span, span_id, record, now)
    return out


def _place(trace: Trace, traces: Traces, span: Any, span_id: bytes, record: Record | None, now: float) -> None:
    parent = record.parent_id if record is not None else span.parent_span_id
    trace.parents[span_id] = parent
    trace.seen = now
    if record is not None:
        trace.add(record)
    if not parent or span.flags & REMOTE or (trace.before is not None and parent in trace.before.spans):
        traces.complete(trace, now)


def _record(
    span: Any, span_id: bytes, ended: int, origin: Origin, values: list[Any], *, marked: bool, events: bool
) -> Record | None:
    operation = values[_OPERATION]
    if operation is not None:
        kind = KINDS.get(operation, Kind.OTHER)
    elif values[_PROVIDER] is not None and values[_REQUEST] is not None:
        kind = Kind.MODEL
    else:
        kind = Kind.TOOL if values[_TOOL] is not None else Kind.OTHER
    started, failed = span.start_time_unix_nano, span.status.code == _ERROR_STATUS
    found = span.events
    marks: tuple[Any, ...] = (marks_of(span.attributes),) if marked else ()
    told: tuple[Any, ...] = ()
    if found:
        for event in found:
            if event.name in FIRST_TOKEN_EVENTS:
                if values[_FIRST] is None and event.time_unix_nano >= started:
                    values[_FIRST] = (event.time_unix_nano - started) / 1e9
            elif event.name == "exception":
                if failed and values[_ERROR] is None:
                    values[_ERROR] = next((text(a.value) for a in event.attributes if a.key == "exception.type"), None)
            elif mark := marks_of(event.attributes):
                marks = (*marks, mark)
        if events:
            told = events_of(found)
    if kind is Kind.OTHER and not marks and not told:
        return None
    if kind is Kind.AGENT:
        if values[_AGENT] is None or values[_ENTITY] is not None:
            values[_AGENT] = values[_ENTITY] or _after(span.name, ("invoke_agent ", "invoke_workflow "))
    elif kind is Kind.TOOL and values[_TOOL] is None:
        values[_TOOL] = values[_ENTITY] or _after(span.name, ("execute_tool ",))
    return Record(kind, span_id, span.parent_span_id, started, ended, failed, origin, marks, told, *values)


def _after(name: str, prefixes: tuple[str, ...]) -> str | None:
    """Return the rest of a span's name: `execute_tool search` is of the tool `search`."""
    for prefix in prefixes:
        if name.startswith(prefix):
            return name[len(prefix) : 256] or None
    return None
