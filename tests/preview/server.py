"""Serves the page and what it is to draw, and passes its questions on to Prometheus."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PASSED_ON = "/prometheus/"
PATIENCE = 120
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open  # a proxy has no business on the loopback


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, settings: bytes, prometheus: str, **kwargs: Any) -> None:
        self.settings, self.prometheus = settings, prometheus
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if self.path.startswith(PASSED_ON):
            self._pass_on(None)
        elif self.path == "/settings.json":
            self._answer(HTTPStatus.OK, self.settings, "application/json")
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: what went wrong is in the page."""

    def _pass_on(self, body: bytes | None) -> None:
        url = f"{self.prometheus}/{self.path.removeprefix(PASSED_ON)}"
        request = urllib.request.Request(url, data=body)
        try:
            with OPEN(request, timeout=PATIENCE) as answer:
                self._answer(answer.status, answer.read(), "application/json")
        except urllib.error.HTTPError as error:  # its body says what is wrong with the query
            self._answer(error.code, error.read(), "application/json")
        except OSError as error:
            self._answer(HTTPStatus.BAD_GATEWAY, f"could not ask Prometheus: {error}".encode(), "text/plain")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(page: Path, settings: Mapping[str, Any], prometheus: str) -> Iterator[str]:
    """Yield the address of the page."""
    body = json.dumps(settings).encode()
    handler = partial(Handler, settings=body, prometheus=prometheus.rstrip("/"), directory=str(page))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
