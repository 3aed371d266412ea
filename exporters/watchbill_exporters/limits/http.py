"""`POST /alerts` for Alertmanager, `GET /limits/AGENT` for harnesses."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from watchbill_exporters.core.routes import MIB, Request, Response, Route
from watchbill_exporters.limits.merging import Applies, applying, expires, keys, merged, narrower
from watchbill_exporters.limits.webhook import WebhookError, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from watchbill_exporters.core.secret import Secret
    from watchbill_exporters.limits.active import Change
    from watchbill_exporters.limits.declared import Declaration
    from watchbill_exporters.limits.desk import Desk

ALERTS, LIMITS, OF_AGENT = "/alerts", "/limits", "/limits/*"
AGENT = "agent"
MOST_LABELS, LONGEST = 16, 256
AGAIN = "5"


@dataclass(frozen=True)
class Answers:
    """What is told over HTTP. `reader` is the token of harnesses; without one the web config decides who may ask."""

    desk: Desk
    token: Secret
    reader: Secret | None = None

    def routes(self) -> Iterable[Route]:
        """Return what it answers."""
        about = "what holds for an agent: GET /limits/AGENT"
        yield Route("POST", ALERTS, self.alerts, "takes Alertmanager's webhook", body_limit=4 * MIB, bearer=self.token)
        yield Route("GET", LIMITS, self.limits, "what holds for all agents", waiting_limit=128, bearer=self.reader)
        yield Route("GET", OF_AGENT, self.limits, about, waiting_limit=128, bearer=self.reader)

    def alerts(self, request: Request) -> Response:
        """Answer 200 once everything is on disk. 400: nothing was acted upon. 503: tell it again."""
        try:
            notices = parse(request.body)
        except WebhookError as error:
            self.desk.fault(error.fault)
            return _json(400, {"error": str(error)})
        try:
            changes = self.desk.take(notices)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            again = {"Retry-After": AGAIN}
            return _json(503, {"error": f"limits hold, and the state cannot be written: {reason}"}, **again)
        return _json(200, _outcome(changes))

    def limits(self, request: Request) -> Response:
        """Answer with what holds; 304 where the harness has that already, with a new time of expiry."""
        asked = _asked(request)
        if asked is None:
            self.desk.asked(400)
            return _json(400, {"error": f"at most {MOST_LABELS} labels of {LONGEST} characters can be asked for"})
        active, now = self.desk.active()
        declared = self.desk.declared
        found = applying(active, declared, asked)
        until = expires(found, now, declared.lease)
        parts = narrower(active, declared, asked)
        etag = _etag(declared, asked, found, parts)
        headers = {
            "ETag": etag,
            "Expires": format_datetime(datetime.fromtimestamp(int(until), UTC), usegmt=True),
            "Cache-Control": "no-cache",
        }
        if etag in (given.strip() for given in request.headers.get("if-none-match", "").split(",")):
            self.desk.asked(304)
            return Response(304, b"", "application/json", headers)
        self.desk.asked(200)
        return _json(200, _body(declared, asked, found, parts, until), **headers)


def _asked(request: Request) -> Mapping[str, str] | None:
    """Return the labels that are asked for: the agent by path or parameter, others by parameters."""
    asked = dict(request.query)
    if request.path.startswith(f"{LIMITS}/"):
        asked[AGENT] = unquote(request.path.rpartition("/")[2])
    sizes = [len(text) for pair in asked.items() for text in pair]
    return asked if len(asked) <= MOST_LABELS and max(sizes, default=0) <= LONGEST else None


def _outcome(changes: list[Change]) -> dict[str, Any]:
    became = Counter(change.became for change in changes if change.became)
    refused = Counter(str(change.refused) for change in changes if change.refused is not None)
    return {"alerts": len(changes), **became, "refused": dict(refused)}


def _body(
    declared: Declaration,
    asked: Mapping[str, str],
    found: tuple[Applies, ...],
    parts: tuple[Applies, ...],
    until: float,
) -> dict[str, Any]:
    chosen = merged(found, declared)
    return {
        "schema": 1,
        "service": declared.service,
        "for": dict(asked),
        "expires": _stamp(until),
        "actions": {name: one.value for name, one in chosen.items()},
        "why": {name: {"limit": one.limit, "rule": one.rule} for name, one in chosen.items()},
        "limits": [_shown(one) for one in found],
        "narrower": [_shown(one) for one in parts],
    }


def _shown(one: Applies) -> dict[str, Any]:
    return {
        "id": one.limit.id,
        "of": {one.limit.of[0]: one.limit.of[1]},
        "when": one.limit.when,
        "group": dict(one.group),
        "actions": dict(one.limit.actions),
        "since": _stamp(one.holding.since),
        "expires": _stamp(one.holding.expires),
    }


def _etag(
    declared: Declaration, asked: Mapping[str, str], found: tuple[Applies, ...], parts: tuple[Applies, ...]
) -> str:
    """Name what is said but for times: renewed leases are no news."""
    said = [
        declared.merge,
        sorted(asked.items()),
        keys(found),
        keys(parts),
        [a.limit.actions for a in (*found, *parts)],
    ]
    return f'"{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]}"'


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(status: int, content: Mapping[str, Any], **headers: str) -> Response:
    return Response(status, json.dumps(content).encode() + b"\n", "application/json", headers)
