"""OTLP's JSON and protobuf say the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.exporters.agent.desk import Desk
from tests.exporters.agent.otlp.spans import Making, request
from tests.exporters.pages import values
from watchbill_exporters.agent.otlp import json_body
from watchbill_exporters.agent.otlp.wire import BadBodyError
from watchbill_exporters.core.routes import Request

if TYPE_CHECKING:
    from pathlib import Path

    from opentelemetry.proto.trace.v1.trace_pb2 import Span

# the example of opentelemetry-proto 1.7, examples/trace.json
EXAMPLE = {
    "resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "my.service"}}]},
        "scopeSpans": [{
            "scope": {"name": "my.library", "version": "1.0.0"},
            "spans": [{
                "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
                "parentSpanId": "EEE19B7EC3C1B173", "name": "I'm a server span",
                "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": "1544712661000000000", "kind": 2,
                "attributes": [{"key": "my.span.attr", "value": {"stringValue": "some value"}}],
            }],
        }],
    }],
}  # fmt: skip


def to_json(*spans: Span, service: str = "desk") -> dict[str, Any]:
    def attributes(given: Any) -> list[dict[str, Any]]:
        names = {
            "string_value": "stringValue",
            "int_value": "intValue",
            "double_value": "doubleValue",
            "bool_value": "boolValue",
        }
        out = []
        for one in given:
            which = one.value.WhichOneof("value")
            found = getattr(one.value, which)
            out.append({"key": one.key, "value": {names[which]: str(found) if which == "int_value" else found}})
        return out

    made = [
        {
            "traceId": span.trace_id.hex(),
            "spanId": span.span_id.hex(),
            "parentSpanId": span.parent_span_id.hex(),
            "name": span.name,
            "flags": span.flags,
            "startTimeUnixNano": str(span.start_time_unix_nano),
            "endTimeUnixNano": str(span.end_time_unix_nano),
            "attributes": attributes(span.attributes),
            "events": [
                {"name": e.name, "timeUnixNano": str(e.time_unix_nano), "attributes": attributes(e.attributes)}
                for e in span.events
            ],
            **({"status": {"code": span.status.code}} if span.HasField("status") else {}),
        }
        for span in spans
    ]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": made}]}]}


def test_json_is_read_as_protobuf_is() -> None:
    making = Making()
    root = making.agent(failed=True, said={"watchbill.cost.usd": 0.3, "flag": True})
    spans = (making.model(root, events=[("gen_ai.first_token", 0.1, {"n": 3})]), root)
    assert json_body.parse(json.dumps(to_json(*spans)).encode()) == request(spans)


def test_the_example_of_the_specification_is_read() -> None:
    [found] = json_body.parse(json.dumps(EXAMPLE).encode()).resource_spans[0].scope_spans[0].spans
    assert (found.trace_id.hex(), found.end_time_unix_nano) == ("5b8efff798038103d269b633813fc60c", 1544712661000000000)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b'{"resourceSpans": 7}',
        b'{"resourceSpans": [7]}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "xyz"}]}]}]}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"startTimeUnixNano": "-1"}]}]}]}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"status": {"code": 99}}]}]}]}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_request_is_refused(text: bytes) -> None:
    with pytest.raises(BadBodyError):
        json_body.parse(text)


def test_answers_are_in_the_encoding_of_the_request(tmp_path: Path) -> None:
    broken = to_json(Making().agent())
    broken["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["spanId"] = "77"
    with Desk(tmp_path, otlp={}) as desk:
        [route] = [one for one in desk.runtime.routes() if one.path == "/v1/traces"]
        kind = {"content-type": "application/json; charset=utf-8"}
        answer = route.handler(Request("POST", "/v1/traces", {}, kind, json.dumps(broken).encode()))
        assert (answer.status, answer.content_type) == (200, "application/json")
        assert json.loads(answer.body)["partialSuccess"]["rejectedSpans"] == "1"
        answer = route.handler(Request("POST", "/v1/traces", {}, kind, b"{"))
        assert (answer.status, json.loads(answer.body)["code"]) == (400, 3)
        key = ("agent_exporter_otlp_spans_total", frozenset({("result", "rejected")}))
        assert values(desk.page())[key] == 1
