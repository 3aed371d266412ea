"""Makes spans and requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from watchbill_exporters.core.routes import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.exporters.agent.desk import Desk

PROTOBUF = {"content-type": "application/x-protobuf"}
START = 1_764_000_000.0
REMOTE = 0x300


def value(given: Any) -> AnyValue:
    match given:
        case bool():
            return AnyValue(bool_value=given)
        case int():
            return AnyValue(int_value=given)
        case float():
            return AnyValue(double_value=given)
        case _:
            return AnyValue(string_value=given)


def attributes(given: Mapping[str, Any]) -> list[KeyValue]:
    return [KeyValue(key=key, value=value(one)) for key, one in given.items()]


@dataclass
class Ids:
    """Ids that do not repeat, the same in each test."""

    last: int = 0

    def trace(self) -> bytes:
        self.last += 1
        return self.last.to_bytes(16, "big")

    def span(self) -> bytes:
        self.last += 1
        return self.last.to_bytes(8, "big")


IDS = Ids()


@dataclass
class Making:
    """Makes the spans of one trace."""

    trace_id: bytes = field(default_factory=IDS.trace)

    def span(
        self,
        said: Mapping[str, Any],
        parent: Span | bytes = b"",
        *,
        name: str = "span",
        at: float = START,
        seconds: float = 0.5,
        failed: bool = False,
        remote: bool = False,
        events: Iterable[tuple[str, float, Mapping[str, Any]]] = (),
    ) -> Span:
        begun = round(at * 1e9)
        span = Span(
            trace_id=self.trace_id,
            span_id=IDS.span(),
            parent_span_id=parent.span_id if isinstance(parent, Span) else parent,
            name=name,
            start_time_unix_nano=begun,
            end_time_unix_nano=begun + round(seconds * 1e9),
            flags=REMOTE if remote else 0x100,
            attributes=attributes(said),
            events=[
                Span.Event(name=n, time_unix_nano=begun + round(after * 1e9), attributes=attributes(more))
                for n, after, more in events
            ],
        )
        if failed:
            span.status.code = Status.STATUS_CODE_ERROR
        return span

    def agent(self, name: str = "triage", parent: Span | bytes = b"", *, seconds: float = 4.0, **more: Any) -> Span:
        said = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name, **more.pop("said", {})}
        return self.span(said, parent, seconds=seconds, **more)

    def model(
        self, parent: Span | bytes, tokens: tuple[int, int] = (1000, 100), model: str = "gpt-4o", **more: Any
    ) -> Span:
        said = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": tokens[0],
            "gen_ai.usage.output_tokens": tokens[1],
            **more.pop("said", {}),
        }
        return self.span(said, parent, **more)

    def tool(self, parent: Span | bytes, name: str = "search", **more: Any) -> Span:
        said = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name, **more.pop("said", {})}
        return self.span(said, parent, **more)


def request(spans: Iterable[Span], service: str = "desk", **resource: Any) -> ExportTraceServiceRequest:
    out = ExportTraceServiceRequest()
    resource_spans = out.resource_spans.add()
    resource_spans.resource.attributes.extend(attributes({"service.name": service, **resource}))
    resource_spans.scope_spans.add().spans.extend(spans)
    return out


def body(spans: Iterable[Span], service: str = "desk", **resource: Any) -> bytes:
    return request(spans, service, **resource).SerializeToString()


def send(desk: Desk, *spans: Span, service: str = "desk", **resource: Any) -> Any:
    """Send a request past the HTTP server; return its answer."""
    [route] = [one for one in desk.runtime.routes() if one.path == "/v1/traces"]
    return route.handler(Request("POST", "/v1/traces", {}, PROTOBUF, body(spans, service, **resource)))
