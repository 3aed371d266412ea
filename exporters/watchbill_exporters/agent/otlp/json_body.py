"""OTLP's JSON -> the same protobuf messages; protobuf's own reader takes ids for base64 and is far slower."""

from __future__ import annotations

import json
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from watchbill_exporters.agent.otlp.wire import BadBodyError, ExportTraceServiceRequest

_UNSET, _OK, _ERROR = Status.STATUS_CODE_UNSET, Status.STATUS_CODE_OK, Status.STATUS_CODE_ERROR
_CODES: dict[Any, Status.StatusCode.ValueType] = {
    0: _UNSET,
    1: _OK,
    2: _ERROR,
    "STATUS_CODE_UNSET": _UNSET,
    "STATUS_CODE_OK": _OK,
    "STATUS_CODE_ERROR": _ERROR,
}


def parse(body: bytes) -> ExportTraceServiceRequest:
    """Raises BadBodyError. What is not known is skipped, as the specification says."""
    try:
        data = json.loads(body)
        found = [_resource_spans(one) for one in data.get("resourceSpans") or ()]
        return ExportTraceServiceRequest(resource_spans=found)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise BadBodyError(f"the body is no ExportTraceServiceRequest in JSON ({type(error).__name__})") from None


def _resource_spans(data: dict[str, Any]) -> ResourceSpans:
    resource = Resource(attributes=_attributes((data.get("resource") or {}).get("attributes")))
    scopes = [
        ScopeSpans(spans=[_span(one) for one in scope.get("spans") or ()]) for scope in data.get("scopeSpans") or ()
    ]
    return ResourceSpans(resource=resource, scope_spans=scopes)


def _span(data: dict[str, Any]) -> Span:
    status = data.get("status")
    return Span(
        trace_id=bytes.fromhex(data.get("traceId") or ""),
        span_id=bytes.fromhex(data.get("spanId") or ""),
        parent_span_id=bytes.fromhex(data.get("parentSpanId") or ""),
        name=data.get("name") or "",
        flags=int(data.get("flags") or 0),
        start_time_unix_nano=int(data.get("startTimeUnixNano") or 0),
        end_time_unix_nano=int(data.get("endTimeUnixNano") or 0),
        attributes=_attributes(data.get("attributes")),
        events=[_event(one) for one in data.get("events") or ()],
        status=None if status is None else Status(code=_CODES[status.get("code", 0)]),
    )


def _event(data: dict[str, Any]) -> Span.Event:
    at = int(data.get("timeUnixNano") or 0)
    return Span.Event(name=data.get("name") or "", time_unix_nano=at, attributes=_attributes(data.get("attributes")))


def _attributes(data: list[dict[str, Any]] | None) -> list[KeyValue]:
    return [KeyValue(key=one["key"], value=_value(one.get("value") or {})) for one in data or ()]


def _value(data: dict[str, Any]) -> AnyValue:
    if "stringValue" in data:
        return AnyValue(string_value=data["stringValue"])
    if "intValue" in data:
        return AnyValue(int_value=int(data["intValue"]))
    if "doubleValue" in data:
        return AnyValue(double_value=float(data["doubleValue"]))
    if "boolValue" in data:
        return AnyValue(bool_value=data["boolValue"])
    if "arrayValue" in data:
        return AnyValue(array_value=ArrayValue(values=[_value(one) for one in data["arrayValue"].get("values") or ()]))
    return AnyValue()
