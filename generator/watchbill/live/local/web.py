"""The drill's own web server: what Prometheus scrapes, and the webhook of every receiver."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.live.stage import Stage

Labels = dict[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """One alert of a notification: who got it, whether it fires, and when it came, Unix seconds."""

    receiver: str
    firing: bool
    labels: Labels
    annotations: Labels
    at: float


@dataclass
class Web:
    """Shows the stage, once it is set, and keeps every message."""

    port: int = 0
    stage: Stage | None = None
    messages: list[Message] = field(default_factory=list)

    def address(self, receiver: str) -> str:
        """Return the URL of a receiver's webhook."""
        return f"http://127.0.0.1:{self.port}/received/{receiver}"

    def take(self, receiver: str, body: Any) -> None:
        """Keep a notification, alert by alert."""
        now = time.time()
        for alert in body["alerts"]:
            firing = alert["status"] == "firing"
            self.messages.append(Message(receiver, firing, alert["labels"], alert["annotations"], now))


@contextmanager
def serving() -> Iterator[Web]:
    """Serve on the loopback."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = web.stage.exposition(time.time()) if web.stage else ""
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(text.encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            web.take(unquote(self.path.rsplit("/", 1)[1]), body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
