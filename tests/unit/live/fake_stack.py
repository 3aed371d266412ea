"""A fake of a stack that can break itself: its control API, Prometheus, Alertmanager and runbook site in one server.

It keeps a clock of its own, so that minutes pass at once.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from watchbill.live.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Labels = dict[str, str]


@dataclass
class Fires:
    """An alert of a fault: how many seconds after the fault it fires, and how many after its end it is over.

    Not at all, if the fault `not_with` was on at the same time.
    """

    labels: Labels
    receiver: str
    after: float = 60
    ends: float = 120
    quiet_by: str = ""
    not_with: str = ""
    annotations: Labels = field(default_factory=dict)


@dataclass
class FakeStack:
    """`faults`: what each fires. `has_data` answers whether a query has a result."""

    faults: dict[str, list[Fires]]
    pages: set[str]
    url: str = ""
    now: float = 1_000_000.0
    empty_queries: str = "no query contains this"
    on_at: dict[str, float] = field(default_factory=dict)
    off_at: dict[str, float] = field(default_factory=dict)
    switched: list[tuple[str, bool]] = field(default_factory=list)
    most_at_once: int = 0

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now += 10 * seconds

    def switch(self, name: str, *, on: bool) -> None:
        self.switched.append((name, on))
        (self.on_at if on else self.off_at)[name] = self.now
        if on:
            self.off_at.pop(name, None)
        self.most_at_once = max(self.most_at_once, len(set(self.on_at) - set(self.off_at)))

    def _each(self) -> Iterator[tuple[Fires, float, float]]:
        """Yield what fires, from when and until when."""
        for name, listed in self.faults.items():
            for one in listed:
                beside = one.not_with in self.on_at and self.on_at[one.not_with] == self.on_at.get(name)
                if name in self.on_at and not beside:
                    until = self.off_at[name] + one.ends if name in self.off_at else float("inf")
                    yield one, self.on_at[name] + one.after, until

    def get(self, path: str, asked: dict[str, list[str]]) -> Any:
        """Return what is under a path; None where there is nothing."""
        answers: dict[str, Callable[[], Any]] = {
            "/urls": lambda: {"prometheus": self.url, "alertmanager": self.url, "runbooks": f"{self.url}/pages"},
            "/faults": lambda: [{"name": n, "about": "a fake", "alerts": _names(fs)} for n, fs in self.faults.items()],
            "/api/v1/alerts": lambda: _data({"alerts": [_active(one) for one in self._firing()]}),
            "/api/v1/query": lambda: _data({"result": [] if self.empty_queries in asked["query"][0] else [{}]}),
            "/api/v2/alerts": lambda: [_held(one) for one in self._firing()],
            "/received": lambda: self._received(float(asked["since"][0])),
        }
        return answers[path]() if path in answers else None

    def _firing(self) -> list[Fires]:
        return [one for one, begin, end in self._each() if begin <= self.now < end]

    def _received(self, since: float) -> list[Any]:
        rows: list[dict[str, Any]] = []
        for one, begin, end in self._each():
            said = {"receiver": one.receiver, "labels": one.labels, "annotations": one.annotations}
            if not one.quiet_by:
                rows += [{**said, "status": s, "at": at} for s, at in (("firing", begin), ("resolved", end))]
        return [row for row in rows if since <= row["at"] <= self.now]


def _names(listed: list[Fires]) -> list[str]:
    return sorted({one.labels["alertname"] for one in listed})


def _data(data: Any) -> Any:
    return {"status": "success", "data": data}


def _active(one: Fires) -> Any:
    return {"labels": one.labels, "annotations": one.annotations, "state": "firing"}


def _held(one: Fires) -> Any:
    return {
        "labels": one.labels,
        "annotations": {},
        "fingerprint": one.labels["alertname"],
        "receivers": [{"name": one.receiver}],
        "status": {"inhibitedBy": [one.quiet_by] if one.quiet_by else [], "silencedBy": [], "state": "active"},
    }


@contextmanager
def serving(stack: FakeStack) -> Iterator[FakeStack]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            page = parts.path.removeprefix("/pages/").removesuffix(".html")
            body = stack.get(parts.path, parse_qs(parts.query))
            text = json.dumps(body) if body is not None else f"the page of {page}"
            self.send_response(200 if body is not None or page in stack.pages else 404)
            self.end_headers()
            self.wfile.write(text.encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stack.switch(self.path.removeprefix("/faults/"), on=body["on"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stack.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield stack
    finally:
        server.shutdown()
        server.server_close()
