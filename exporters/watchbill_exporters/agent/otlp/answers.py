"""Answers as OTLP/HTTP wants them: in the encoding of the request, faults as google.rpc.Status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from watchbill_exporters.agent.otlp.wire import response
from watchbill_exporters.core.routes import Response

if TYPE_CHECKING:
    from watchbill_exporters.core.routes import Request

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
_INVALID_ARGUMENT = 3


def content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def taken(kind: str, rejected: int, message: str) -> Response:
    if kind == PROTOBUF:
        return Response(200, response(rejected, message).SerializeToString(), PROTOBUF)
    partial = {"partialSuccess": {"rejectedSpans": str(rejected), "errorMessage": message}} if rejected else {}
    return Response(200, json.dumps(partial).encode(), JSON)


def refused(kind: str, message: str) -> Response:
    if kind == JSON:
        return Response(400, json.dumps({"code": _INVALID_ARGUMENT, "message": message}).encode(), JSON)
    text = message.encode()[:127]  # so that its length is one byte of protobuf
    return Response(400, bytes((8, _INVALID_ARGUMENT, 18, len(text))) + text, PROTOBUF)


def wrong_type() -> Response:
    return Response.text(415, f"Content-Type may be {PROTOBUF} or {JSON}")
