"""One way to ask running systems: secrets stay in headers, and every failure is an error that says what to do."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from watchbill.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
TIMEOUT = 10.0
DENIED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Access:
    """How to prove who asks: a bearer token, or a user with a password; `ca` is a file of certificates to trust."""

    token: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""


NOBODY = Access()


def secret(path: Path | None, variable: str) -> str:
    """Return a secret from a file or else from the environment; never from an argument, which others can list."""
    if path is None:
        return os.environ.get(variable, "")
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise LiveError(f"could not read a secret from {path}: {exc}") from exc
    if not found or not found.isprintable() or not found.isascii():
        raise LiveError(f"{path} should hold one secret, as one line of plain text")
    return found


class Site:
    """A system under a URL. `what` is its name in errors."""

    def __init__(self, what: str, url: str, access: Access = NOBODY) -> None:
        self.what, self.url = what, url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise LiveError(f"the URL of {what} should look like http://host:9093")
        if parts.query or parts.fragment:
            raise LiveError(f"the URL of {what} should end with its path: secrets in a query would be shown in errors")
        if parts.username or parts.password:
            raise LiveError(f"the URL of {what} holds a user or password: pass them by file or environment instead")
        self._session = requests.Session()
        self._session.trust_env = parts.hostname not in LOOPBACK  # a proxy has no business on the loopback
        if access.ca:
            self._session.verify = access.ca
        if access.token:
            self._session.headers["Authorization"] = f"Bearer {access.token}"
        elif access.user:
            self._session.auth = (access.user, access.password)

    def get(self, path: str, parameters: Mapping[str, str | Sequence[str]] | None = None) -> Any:
        """Return the JSON under a path. Raises LiveError."""
        return self._json(self._ask("GET", path, params=parameters))

    def post(self, path: str, body: Any) -> None:
        """Send JSON to a path. Raises LiveError."""
        self._ask("POST", path, json=body)

    def text(self, path: str) -> str:
        """Return the text under a path. Raises LiveError."""
        return self._ask("GET", path).text

    def _ask(self, verb: str, path: str, **request: Any) -> requests.Response:
        try:
            answer = self._session.request(verb, f"{self.url}{path}", timeout=TIMEOUT, **request)
        except requests.exceptions.SSLError as exc:
            raise LiveError(f"{self.what} at {self.url} has a certificate that is not trusted: {_cause(exc)}") from exc
        except (requests.RequestException, OSError) as exc:
            raise LiveError(f"could not reach {self.what} at {self.url}: {_cause(exc)}") from exc
        if answer.status_code in DENIED:
            raise LiveError(
                f"{self.what} at {self.url} refuses access (HTTP {answer.status_code}): "
                "give a token, or a user and password, that may do this"
            )
        if not answer.ok:
            said = " ".join(answer.text.split())[:200]
            raise LiveError(f"{self.what} at {self.url} answers HTTP {answer.status_code} to {verb} {path}: {said}")
        return answer

    def _json(self, answer: requests.Response) -> Any:
        try:
            return answer.json()
        except ValueError as exc:
            raise LiveError(f"{self.url} does not answer as {self.what} does: is the URL right?") from exc


def _cause(exc: BaseException) -> str:
    """Return the innermost reason: what is around it is the library's."""
    inner: Any = exc
    while inner.args and isinstance(inner.args[0], BaseException):
        inner = inner.args[0]
    reason = getattr(inner, "reason", None)
    if isinstance(reason, BaseException):
        return _cause(reason)
    text = str(inner)
    return text.rsplit(": ", 1)[-1] if "object at 0x" in text or text.startswith("HTTP") else text
