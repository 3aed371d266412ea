"""Streams from spans: a span with `stream.*` events is one stream. Chunks of inner model calls are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue.streams import CURSORS, OUTCOMES, RESULTS
from watchbill_exporters.agent.streams.event import Kind, StreamEvent
from watchbill_exporters.core.records.decode import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill_exporters.agent.listeners import SpanEvent, SpanEvents

PREFIX = "stream."


def stream_events(span: SpanEvents) -> Iterator[StreamEvent]:
    """Yield the events of a span's stream, in order of time; nothing when the span is no stream."""
    told = sorted((e for e in span.events if e.name.startswith(PREFIX)), key=lambda e: e.at)
    if not told:
        return
    key = f"{span.trace_id}:{span.span_id}"
    opened = next((e for e in told if e.name == "stream.open"), None)
    cursor, result = _reconnect(opened)
    yield StreamEvent(Kind.OPEN, span.started, key, span.agent, "", cursor, result, span.trace_id)
    for event in told:
        if event.name in {"stream.data", "stream.heartbeat"}:
            empty = event.name == "stream.heartbeat" or event.attributes.get("bytes") == 0
            yield StreamEvent(Kind.HEARTBEAT if empty else Kind.DATA, event.at, key)
    ended = next((e for e in reversed(told) if e.name == "stream.end"), None)
    outcome = "error" if span.failed else "completed"
    if ended is not None:
        given = str(ended.attributes.get("outcome", ""))
        outcome = given if not given or given in OUTCOMES else OTHER
    yield StreamEvent(Kind.END, ended.at if ended else span.ended, key, outcome=outcome, trace_id=span.trace_id)


def _reconnect(event: SpanEvent | None) -> tuple[str, str]:
    attributes = event.attributes if event is not None else {}
    cursor, result = str(attributes.get("cursor", "")), str(attributes.get("result", ""))
    return (cursor, result) if cursor in CURSORS and result in RESULTS else ("", "")
