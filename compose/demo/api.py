"""The demo's own HTTP face: what to click, faults and processes as switches, the webhook, and the runbook site.

GET  /urls                        where everything is
GET  /faults                      [{"name", "about", "alerts"}]
POST /faults/NAME                 {"on": true|false};  GET says which
GET  /processes                   [{"name", "running", "pid"}]
POST /processes/NAME              {"run": true|false}: start it again, or kill it
GET  /received?since=UNIX         [{"receiver", "status", "labels", "annotations", "at"}]
GET  /runbooks/...                the runbook site
POST /hook/RECEIVER               Alertmanager's notifications
"""

from __future__ import annotations

import json
import threading
import time
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from compose.demo.children import StartError
from compose.demo.faults import PlatformAwayError
from compose.simulator.fault import UnknownFaultError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compose.demo.family import Family
    from compose.demo.faults import Faults
    from compose.demo.mailbox import Mailbox

LONGEST_BODY = 4 << 20
INDEX = "/runbooks/"


class RefusedError(Exception):
    """A request that cannot be answered, and why."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class Api:
    """Answers requests; knows no sockets."""

    def __init__(self, urls: Mapping[str, str], faults: Faults, family: Family, mailbox: Mailbox) -> None:
        self._urls, self._faults, self._family, self._mailbox = urls, faults, family, mailbox

    def get(self, path: str, query: Mapping[str, list[str]]) -> Any:
        match path.strip("/").split("/"):
            case ["urls"] | [""]:
                return dict(self._urls)
            case ["faults"]:
                return self._faults.listing()
            case ["faults", name]:
                return {"on": self._faults.is_on(name)}
            case ["processes"]:
                return [{"name": c.name, "running": c.running, "pid": c.pid} for c in self._family]
            case ["received"]:
                return self._mailbox.since(_moment(query.get("since", ["0"])[0]))
            case _:
                raise RefusedError(HTTPStatus.NOT_FOUND, f"nothing is at {path}")

    def post(self, path: str, body: Any) -> Any:
        match path.strip("/").split("/"):
            case ["faults", name]:
                on = _flag(body, "on")
                self._faults.set(name, on=on)
                return {"on": on}
            case ["processes", name]:
                run = _flag(body, "run")
                if name not in self._family:
                    raise RefusedError(HTTPStatus.NOT_FOUND, f"there is no process {name}")
                (self._family.start if run else self._family.kill)(name)
                return {"run": run}
            case ["hook", receiver]:
                try:
                    return {"alerts": len(self._mailbox.take(unquote(receiver), body, time.time()))}
                except (KeyError, TypeError) as error:
                    raise RefusedError(HTTPStatus.BAD_REQUEST, f"this is no notification: {error!r}") from error
            case _:
                raise RefusedError(HTTPStatus.NOT_FOUND, f"nothing is at {path}")


class Server(ThreadingHTTPServer):
    """Serves the API and the runbook site."""

    daemon_threads = True
    _thread: threading.Thread | None

    def __init__(self, address: tuple[str, int], api: Api, site: Path) -> None:
        self.api, self.site, self._thread = api, site, None
        super().__init__(address, _Handler)

    def begin(self) -> None:
        self._thread = threading.Thread(target=self.serve_forever, name="api", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving, if it began to, and give the port back."""
        if self._thread is not None:
            self.shutdown()
        self.server_close()


class _Handler(SimpleHTTPRequestHandler):
    server: Server

    def __init__(self, *args: Any) -> None:
        super().__init__(*args, directory=str(args[2].site))

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == INDEX.rstrip("/"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", INDEX)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if parts.path.startswith(INDEX):
            self.path = "/" + parts.path.removeprefix(INDEX)
            super().do_GET()
            return
        self._answer(lambda: self.server.api.get(parts.path, parse_qs(parts.query)))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, LONGEST_BODY))
        self._answer(lambda: self.server.api.post(urlsplit(self.path).path, _json(body)))

    def _answer(self, make: Any) -> None:
        try:
            status, said = HTTPStatus.OK, make()
        except RefusedError as error:
            status, said = error.status, {"error": str(error)}
        except UnknownFaultError as error:
            status, said = HTTPStatus.NOT_FOUND, {"error": f"there is no fault {error.args[0]}; GET /faults lists them"}
        except PlatformAwayError as error:
            status, said = HTTPStatus.BAD_GATEWAY, {"error": str(error)}
        except StartError as error:
            status, said = HTTPStatus.INTERNAL_SERVER_ERROR, {"error": str(error)}
        text = json.dumps(said).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: the terminal belongs to the progress."""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"the body is no JSON: {error}") from error


def _flag(body: Any, name: str) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get(name), bool):
        raise RefusedError(HTTPStatus.BAD_REQUEST, f'say {{"{name}": true}} or {{"{name}": false}}')
    return bool(body[name])


def _moment(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"since is no Unix time: {text!r}") from error
