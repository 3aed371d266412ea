"""The hot loop: spans of a request into their traces. Only wanted attributes are touched."""

from __future__ import annotations

from dataclasses import dataclass
from sys import intern
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
from watchbill_exporters.agent.otlp.values import MOST_TOKENS, count, events_of, marks_of, number, origin_of, text
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
_OTHER, _MODEL_KIND, _TOOL_KIND, _AGENT_KIND = Kind.OTHER, Kind.MODEL, Kind.TOOL, Kind.AGENT


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
    for resource_spans in request.resource_spans:
        origin = origin_of(resource_spans.resource.attributes)
        for scope_spans in resource_spans.scope_spans:
            _receive(scope_spans.spans, origin, traces, now, out, events=events)
    return out


def _receive(  # noqa: C901, PLR0912, PLR0915 - the hot loop: a function for each step would cost a fifth of the speed
    spans: Any, origin: Origin, traces: Traces, now: float, out: Received, *, events: bool
) -> None:
    slots, blank, kinds, new = _SLOTS, _BLANK, KINDS, tuple.__new__
    last_id: bytes | None = None
    trace: Trace | None = None
    counted = ignored = 0
    for span in spans:
        trace_id, span_id, ended = span.trace_id, span.span_id, span.end_time_unix_nano
        if trace_id != last_id:
            last_id, trace = trace_id, traces.of(trace_id, now)
            if trace is not None:
                before, parents, models, append = trace.before, trace.parents, trace.models, trace.records.append
        if trace is None or len(span_id) != 8 or not ended:
            out.rejected += 1
            continue
        if span_id in parents or (before is not None and span_id in before.spans):
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
            if slot < FIRST_NUMBER:
                value = attribute.value
                # interned, because there are few: records are half as large, and their hashes are known
                values[slot] = intern(value.string_value) or text(value)
            elif slot < _FIRST:
                value = attribute.value
                tokens = value.int_value  # 0 is also what there is of another type
                values[slot] = tokens if 0 < tokens < MOST_TOKENS else count(value)
            elif slot == _FIRST:
                values[slot] = number(attribute.value)
            else:
                marked = True
        operation = values[_OPERATION]
        if operation is not None:
            kind = kinds.get(operation, _OTHER)
        elif values[_PROVIDER] is not None and values[_REQUEST] is not None:
            kind = _MODEL_KIND
        else:
            kind = _TOOL_KIND if values[_TOOL] is not None else _OTHER
        parent, started = span.parent_span_id, span.start_time_unix_nano
        failed = span.status.code == _ERROR_STATUS
        marks: tuple[Any, ...] = (marks_of(span.attributes),) if marked else ()
        told: tuple[Any, ...] = ()
        if found := span.events:
            marks += _look_into(found, values, started, failed=failed)
            if events:
                told = events_of(found)
        if kind is _TOOL_KIND:
            if values[_TOOL] is None:
                _name_tool(values, span)
        elif kind is _AGENT_KIND and (values[_AGENT] is None or values[_ENTITY] is not None):
            _name_agent(values, span)
        parents[span_id] = parent
        # the same as Record(...), in half the time
        record = new(Record, (kind, span_id, parent, started, ended, failed, origin, marks, told, *values))
        if kind is _MODEL_KIND and values[_AGENT] is None:  # as Trace.add does it
            counted += 1
            append(record)
            models.add(span_id)
        elif kind is _OTHER and not marks and not told:
            ignored += 1
        else:
            counted += 1
            trace.add(record)
        if not parent or span.flags & REMOTE or (before is not None and parent in before.spans):
            traces.complete(trace, now)
    out.counted += counted
    out.ignored += ignored


def _look_into(events: Any, values: list[Any], started: int, *, failed: bool) -> tuple[Any, ...]:
    """Take the first token and the type of an error from events; return the marks of all of them."""
    marks = []
    for event in events:
        name = event.name
        if name in FIRST_TOKEN_EVENTS:
            if values[_FIRST] is None and event.time_unix_nano >= started:
                values[_FIRST] = (event.time_unix_nano - started) / 1e9
        elif name == "exception":
            if failed and values[_ERROR] is None:
                values[_ERROR] = next((text(a.value) for a in event.attributes if a.key == "exception.type"), None)
        elif found := marks_of(event.attributes):
            marks.append(found)
    return tuple(marks)


def _name_tool(values: list[Any], span: Any) -> None:
    values[_TOOL] = values[_ENTITY] or _after(span.name, ("execute_tool ",))


def _name_agent(values: list[Any], span: Any) -> None:
    """Traceloop's workflow name is on all spans of the workflow; its entity is this one."""
    values[_AGENT] = values[_ENTITY] or _after(span.name, ("invoke_agent ", "invoke_workflow "))


def _after(name: str, prefixes: tuple[str, ...]) -> str | None:
    """Return the rest of a span's name: `execute_tool search` is of the tool `search`."""
    for prefix in prefixes:
        if name.startswith(prefix):
            return name[len(prefix) : 256] or None
    return None
