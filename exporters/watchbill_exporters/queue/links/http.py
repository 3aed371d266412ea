"""HTTP pages of brokers: bounded in time and size, no redirects, no proxies of the environment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from pydantic import Field

from watchbill_exporters.core.errors import InvalidError, Reason, ScrapeError
from watchbill_exporters.core.fields import SecretField, TargetSection, Url

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.secret import Secret

MOST_BYTES = 64 * 1024 * 1024
CHUNK = 64 * 1024
REASONS = {401: Reason.AUTH, 403: Reason.PERMISSION}


class HttpSection(TargetSection):
    """The keys of every source that reads pages."""

    url: Url = Field(description="http:// or https://, without a path.")
    username: str | None = None
    password: SecretField | None = None
    ca_file: str | None = Field(None, description="Whom to trust with https://, instead of the system's authorities.")


@dataclass(frozen=True)
class HttpConfig:
    """Where pages are."""

    url: str
    username: str | None = None
    password: Secret | None = None
    ca_file: Path | None = None


def http_config(section: HttpSection, resolver: Resolver) -> HttpConfig:
    """Raises InvalidError."""
    parts = urlsplit(section.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidError(("url",), "not the URL of a web page", "Such as http://127.0.0.1:15672.")
    if "@" in parts.netloc or parts.query:
        raise InvalidError(("url",), "a URL must hold no user, password or query", "Use username, and password_file.")
    ca_file = resolver.path(section.ca_file) if section.ca_file else None
    if ca_file is not None and not ca_file.is_file():
        raise InvalidError(("ca_file",), f"{ca_file} is not a file")
    password = resolver.secret(section.password, "password") if section.password is not None else None
    return HttpConfig(section.url.rstrip("/"), section.username, password, ca_file)


def fetch(config: HttpConfig, path: str, deadline: Deadline) -> Any:
    """Return a JSON page. Raises ScrapeError."""
    try:
        return json.loads(_body(config, path, deadline))
    except requests.Timeout as error:
        raise ScrapeError(Reason.TIMEOUT, str(error)) from error
    except requests.RequestException as error:
        raise ScrapeError(Reason.CONNECT, str(error)) from error


def _body(config: HttpConfig, path: str, deadline: Deadline) -> bytes:
    with requests.Session() as session:
        session.trust_env = False
        if config.username is not None:
            password = config.password.reveal() if config.password is not None else ""
            session.auth = (config.username, password)
        verify = str(config.ca_file) if config.ca_file is not None else True
        options: dict[str, Any] = {"stream": True, "allow_redirects": False, "verify": verify}
        with session.get(config.url + path, timeout=deadline.left(), **options) as answer:
            if answer.status_code != 200:
                reason = REASONS.get(answer.status_code, Reason.PARSE)
                raise ScrapeError(reason, f"{path.partition('?')[0]} was answered with {answer.status_code}")
            body = bytearray()
            for chunk in answer.iter_content(CHUNK):
                body += chunk
                if len(body) > MOST_BYTES:
                    raise ScrapeError(Reason.PARSE, f"{path.partition('?')[0]} has more than {MOST_BYTES} bytes")
                if deadline.over:
                    raise ScrapeError(Reason.TIMEOUT, f"{path.partition('?')[0]} takes too long")
            return bytes(body)
