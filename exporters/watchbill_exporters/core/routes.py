"""HTTP as sources see it: no web framework in sight, so that the server can be exchanged."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from watchbill_exporters.core.secret import Secret

MIB = 1024 * 1024


@dataclass(frozen=True)
class Request:
    """A request whose body is complete, inflated and within its caps. Header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    secure: bool = False


@dataclass(frozen=True)
class Response:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def text(cls, status: int, message: str, **headers: str) -> Response:
        return cls(status, message.encode("utf-8", "replace") + b"\n", headers=headers)


class Runs(Enum):
    """Where a handler runs: on the event loop when it takes a few milliseconds at most (and its body is small)."""

    ON_LOOP = "loop"
    IN_THREAD = "thread"


@dataclass(frozen=True)
class Route:
    """One path and method a source answers; a path that ends in `/*` stands for all with one more part.

    The frame reads, caps and inflates the body first.

    Over `body_limit` (as sent) or `inflated_limit` it answers 413, to a Content-Encoding other than gzip or deflate
    415, to a broken one 400, and 429 with Retry-After once `waiting_limit` requests are under way. With `bearer`,
    that token is asked for instead of the web config's password.
    """

    method: str
    path: str
    handler: Callable[[Request], Response]
    about: str = ""
    body_limit: int = 4 * MIB
    inflated_limit: int = 32 * MIB
    waiting_limit: int = 32
    runs: Runs = Runs.IN_THREAD
    bearer: Secret | None = None
