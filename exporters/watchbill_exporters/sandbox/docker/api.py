"""Docker's HTTP API on its socket, which Podman speaks too: lists, one container, and the stream of events."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 64 * 1024 * 1024
MOST_LINE = 1024 * 1024
_CONTAINERS = json.dumps({"type": ["container"]})


class _UnixConnection(HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, path: Path, timeout: float | None) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.sock.settimeout(self.timeout)
            self.sock.connect(self._path)
        except OSError:
            self.sock.close()
            raise


class Api:
    """One daemon. Every call opens a connection of its own: the daemon may have been restarted meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def running(self, timeout: float) -> list[dict[str, Any]]:
        """Return the containers that run or are paused. Raises ScrapeError, OSError."""
        found = self._get("/containers/json", timeout)
        if not isinstance(found, list):
            raise ScrapeError(Reason.PARSE, "the list of containers is none")
        return found

    def container(self, key: str, timeout: float) -> dict[str, Any] | None:
        """Return one container; None when it is gone."""
        found = self._get(f"/containers/{key}/json", timeout, missing=None)
        return found if isinstance(found, dict) else None

    def info(self, timeout: float) -> dict[str, Any]:
        """Return what the daemon says of itself."""
        found = self._get("/info", timeout)
        return found if isinstance(found, dict) else {}

    def events(self, since: float) -> Events:
        """Return the events of containers from a moment on, and on and on. Raises ScrapeError, OSError."""
        query = urlencode({"filters": _CONTAINERS, "since": f"{since:.9f}"})
        connection = _UnixConnection(self._path, 5.0)
        try:
            connection.request("GET", f"/events?{query}")
            answer = connection.getresponse()
            _refuse(answer)
            if connection.sock is not None:
                connection.sock.settimeout(None)  # nothing may happen for days
        except (OSError, HTTPException, ScrapeError):
            connection.close()
            raise
        return Events(connection, answer)

    def _get(self, path: str, timeout: float, **default: Any) -> Any:
        with closing(_UnixConnection(self._path, timeout)) as connection:
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                body = answer.read(MOST_BYTES)
            except HTTPException as error:
                raise ScrapeError(Reason.PARSE, f"not HTTP: {type(error).__name__}") from None
        if answer.status == 404 and "missing" in default:
            return default["missing"]
        _refuse(answer)
        try:
            return json.loads(body)
        except ValueError:
            raise ScrapeError(Reason.PARSE, "not JSON") from None


class Events:
    """The stream; `close` from another thread ends it."""

    def __init__(self, connection: _UnixConnection, answer: HTTPResponse) -> None:
        self._connection, self._answer = connection, answer
        self._socket = connection.sock

    def __iter__(self) -> Iterator[dict[str, Any]]:
        with closing(self._connection):
            while line := self._line():
                try:
                    found = json.loads(line)
                except ValueError:
                    continue
                if isinstance(found, dict):
                    yield found

    def close(self) -> None:
        """Wake up whoever waits for the next event."""
        try:
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _line(self) -> bytes:
        try:
            return self._answer.readline(MOST_LINE)
        except (OSError, HTTPException, ValueError):
            return b""


def _refuse(answer: HTTPResponse) -> None:
    if answer.status in {401, 403}:
        raise ScrapeError(Reason.AUTH, f"the daemon answers {answer.status}")
    if answer.status >= 400:
        raise ScrapeError(Reason.PARSE, f"the daemon answers {answer.status}")
