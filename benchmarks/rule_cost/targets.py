"""Forty scrape targets whose counters stand still: what evaluating rules over them costs does not depend on values."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextmanager
def exposing(metric: str, count: int, codes: Sequence[str]) -> Iterator[str]:
    """Yield the address of a server with the targets' metrics at /0, /1, ..."""
    lines = (f'{metric}{{code="{code}"}} 1e9\n' for code in codes)
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), _handler(f"# TYPE {metric} counter\n{''.join(lines)}".encode(), count)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(body: bytes, count: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known = self.path.lstrip("/").isdecimal() and int(self.path.lstrip("/")) < count
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the table clean."""

    return Handler
