"""`POST /incidents` and `GET /incidents`; both ask for the token."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from watchbill_exporters.agent.incidents.item import STATUSES, Item, parse
from watchbill_exporters.agent.incidents.ledger import Ledger, Query
from watchbill_exporters.core import log
from watchbill_exporters.core.records.decode import Fields, RefusedError, decode
from watchbill_exporters.core.routes import Request, Response, Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from watchbill_exporters.core.secret import Secret

PATH = "/incidents"
BODY_LIMIT = 64 * 1024
MOST = 1000
PARAMETERS = ("id", "trace_id", "status", "since", "until", "limit")
_log = log.logger(__name__)


@dataclass(frozen=True)
class IncidentRoutes:
    """What is asked over HTTP, answered from the ledger."""

    ledger: Ledger
    token: Secret
    text_limit: int
    now: Callable[[], float]

    def routes(self) -> Iterable[Route]:
        limits: dict[str, Any] = {"body_limit": BODY_LIMIT, "inflated_limit": BODY_LIMIT, "bearer": self.token}
        yield Route("POST", PATH, self.post, "takes a report of an incident", **limits)
        yield Route("GET", PATH, self.get, "finds incidents by trace id and by time", **limits)

    def post(self, request: Request) -> Response:
        """Answer 201 to a new incident and 200 to one that is known, once it is on disk."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _answer(415, {"error": "Content-Type may be application/json"})
        try:
            fields = decode(request.body)
            key = request.headers.get("idempotency-key") or uuid4().hex
            report = parse(fields, key, self.now(), self.text_limit)
        except RefusedError as error:
            return _answer(400, {"error": str(error)})
        try:
            [taken] = self.ledger.add([report])
        except OSError as error:
            _log.error("incident not written", error=error.strerror or str(error))
            return _answer(503, {"error": "the ledger cannot be written, try again"}, **{"Retry-After": "30"})
        return _answer(201 if taken.new else 200, shown(taken.item))

    def get(self, request: Request) -> Response:
        try:
            query = query_of(request.query)
        except RefusedError as error:
            return _answer(400, {"error": str(error)})
        return _answer(200, {"incidents": [shown(item) for item in self.ledger.find(query)]})


def query_of(given: Mapping[str, str]) -> Query:
    """Return the query of the parameters. Raises RefusedError."""
    fields = Fields({key: _value(key, value) for key, value in given.items()})
    fields.only(*PARAMETERS)
    return Query(
        id=fields.text("id", ""),
        trace_id=fields.trace_id() or "",
        status=fields.choice("status", STATUSES) if "status" in given else "",
        since=fields.time("since"),
        until=fields.time("until"),
        limit=fields.whole("limit", least=1, most=MOST) or 100,
    )


def _value(key: str, text: str) -> Any:
    if key == "limit":
        return int(text) if text.isdecimal() and len(text) < 6 else text
    if key in {"since", "until"}:
        try:
            return float(text)
        except ValueError:
            return text.replace(" ", "+")  # a plus sign that was not quoted
    return text


def shown(item: Item) -> dict[str, Any]:
    out: dict[str, Any] = {"id": item.id, "ts": item.at, "source": item.source, "status": item.status}
    optional = {"trace_id": item.trace_id, "text": item.text, "waits_for": item.stage or ""}
    return out | {"since": item.since} | {key: value for key, value in optional.items() if value}


def _answer(status: int, content: dict[str, Any], **headers: str) -> Response:
    body = json.dumps(content).encode() + b"\n"
    return Response(status, body, "application/json", {"Cache-Control": "no-store", **headers})
