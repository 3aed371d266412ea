"""Requests of 512 spans with GenAI attributes: 64 runs of an agent, four model calls and three tool calls each."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH, RUN = 512, 8
_AT = 1_764_000_000_000_000_000
_MODEL = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.request.max_tokens": 1000,
    "gen_ai.response.id": "chatcmpl-5f31",
    "gen_ai.usage.input_tokens": 1301,
    "gen_ai.usage.output_tokens": 107,
    "server.address": "api.openai.com",
    "server.port": 443,
}
_AGENT = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "triage",
    "gen_ai.agent.id": "a1",
    "gen_ai.provider.name": "openai",
    "gen_ai.conversation.id": "c1",
}


def _attribute(key: str, value: Any) -> KeyValue:
    given = AnyValue(int_value=value) if isinstance(value, int) else AnyValue(string_value=value)
    return KeyValue(key=key, value=given)


def _tool(number: int) -> dict[str, Any]:
    return {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": f"tool-{number}",
        "gen_ai.tool.call.id": "call-1",
        "gen_ai.tool.type": "function",
    }


class Template:
    """One request whose ids are exchanged in its bytes: to make spans takes longer than to count them.

    Not in the message: protobuf frees the old value of a field with the whole message only, 256 bytes a run.
    """

    def __init__(self) -> None:
        self._random = random.Random(7)
        request = ExportTraceServiceRequest()
        resource = request.resource_spans.add()
        resource.resource.attributes.append(_attribute("service.name", "desk"))
        said = [*[_MODEL] * 4, *(_tool(number) for number in range(3)), _AGENT]
        for _ in range(BATCH // RUN):
            trace_id, ids = self._ids()
            resource.scope_spans.add().spans.extend(
                _span(one, seconds, trace_id, span_id, ids[-1] if span_id != ids[-1] else b"")
                for seconds, (one, span_id) in enumerate(zip(said, ids, strict=True))
            )
        self._bytes = bytearray(request.SerializeToString())
        self._places = [
            (_places(self._bytes, scope.spans[0].trace_id), [_places(self._bytes, s.span_id) for s in scope.spans])
            for scope in resource.scope_spans
        ]

    def _ids(self) -> tuple[bytes, list[bytes]]:
        return self._random.randbytes(16), [self._random.randbytes(8) for _ in range(RUN)]

    def body(self) -> bytes:
        """Return a request of runs that were not sent before."""
        for of_trace, of_spans in self._places:
            trace_id, ids = self._ids()
            for place in of_trace:
                self._bytes[place : place + 16] = trace_id
            for span_id, places in zip(ids, of_spans, strict=True):
                for place in places:
                    self._bytes[place : place + 8] = span_id
        return bytes(self._bytes)


def _places(inside: bytearray, wanted: bytes) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(wanted), inside)]


def _span(said: dict[str, Any], seconds: int, trace_id: bytes, span_id: bytes, parent: bytes) -> Span:
    name = f"{said['gen_ai.operation.name']} x"
    attributes = [_attribute(key, value) for key, value in said.items()]
    return Span(
        name=name,
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=parent,
        start_time_unix_nano=_AT,
        end_time_unix_nano=_AT + seconds * 310_000_000,
        flags=0x101,
        attributes=attributes,
    )


def bodies(count: int) -> Iterator[bytes]:
    template = Template()
    return (template.body() for _ in range(count))
