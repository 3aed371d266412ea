"""PostgreSQL: one read-only session for each read, bounded in time on both sides."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from threading import Event, Timer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field

from watchbill_exporters.core.errors import InvalidError, Reason, ScrapeError
from watchbill_exporters.core.fields import SecretField, TargetSection, Url
from watchbill_exporters.queue.links.packages import need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psycopg import Connection

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.secret import Secret

SCHEMES = ("postgresql", "postgres")
ALLOWED = {"sslmode", "host"}
REFUSALS = ("password authentication failed", "no password supplied", "no pg_hba.conf entry", "authentication failed")
UNKNOWN_ROLE = "role "


class PostgresSection(TargetSection):
    """The keys of every source that reads a PostgreSQL."""

    url: Url = Field("postgresql://127.0.0.1:5432/postgres", description="With ?sslmode= or ?host= (of a socket).")
    username: str | None = None
    password: SecretField | None = None
    ca_file: str | None = Field(None, description="Whom to trust with sslmode=verify-full.")


@dataclass(frozen=True)
class PostgresConfig:
    """Where a PostgreSQL is."""

    url: str
    username: str | None = None
    password: Secret | None = None
    ca_file: Path | None = None


def postgres_config(section: PostgresSection, resolver: Resolver) -> PostgresConfig:
    """Raises InvalidError."""
    need("psycopg")
    parts = urlsplit(section.url)
    if parts.scheme not in SCHEMES:
        raise InvalidError(("url",), f"no PostgreSQL is at '{parts.scheme}:'", "Such as postgresql://db:5432/app.")
    if "@" in parts.netloc:
        raise InvalidError(("url",), "a URL must hold no user or password", "Use username, and password_file.")
    if others := sorted(parse_qs(parts.query).keys() - ALLOWED):
        raise InvalidError(("url",), f"'{others[0]}' is not taken from a URL", f"Known: {', '.join(sorted(ALLOWED))}.")
    ca_file = resolver.path(section.ca_file) if section.ca_file else None
    if ca_file is not None and not ca_file.is_file():
        raise InvalidError(("ca_file",), f"{ca_file} is not a file")
    password = resolver.secret(section.password, "password") if section.password is not None else None
    return PostgresConfig(section.url, section.username, password, ca_file)


@contextmanager
def session(config: PostgresConfig, deadline: Deadline) -> Iterator[Connection[tuple[Any, ...]]]:
    """Yield a connection in a read-only transaction with one snapshot. Raises ScrapeError.

    The server is told when to give up; should it not answer at all, the socket is shut down at the deadline.
    """
    import psycopg

    late = Event()
    try:
        with psycopg.connect(**_options(config, deadline.left())) as connection:
            guard = Timer(deadline.left(), _shut, (connection, late))
            guard.daemon = True
            guard.start()
            try:
                yield connection
            finally:
                guard.cancel()
    except psycopg.Error as error:
        reason = Reason.TIMEOUT if late.is_set() else _reason(error)
        raise ScrapeError(reason, str(error).strip().split("\n")[0]) from error


def _options(config: PostgresConfig, left: float) -> dict[str, Any]:
    parts, milliseconds = urlsplit(config.url), max(1, int(left * 1000))
    settings = {
        "default_transaction_read_only": "on",
        "default_transaction_isolation": r"repeatable\ read",  # all figures of a page are of one moment
        "jit": "off",  # it took 30 of the 53 ms of a query that 20 ms are enough for
        "statement_timeout": milliseconds,
        "lock_timeout": max(1, milliseconds // 2),  # so that waiting for a lock is told apart from being slow
    }
    options: dict[str, Any] = {
        "dbname": unquote(parts.path.strip("/")) or "postgres",
        "connect_timeout": max(2, ceil(left)),  # libpq takes nothing less
        "application_name": "watchbill-exporter",
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "user": config.username,
        "host": parts.hostname,
        "port": parts.port,
        "sslrootcert": str(config.ca_file) if config.ca_file is not None else None,
        "password": config.password.reveal() if config.password is not None else None,
        **{key: values[-1] for key, values in parse_qs(parts.query).items()},
    }
    return {key: value for key, value in options.items() if value is not None}


def _shut(connection: Connection[Any], late: Event) -> None:
    late.set()
    with suppress(OSError), socket.socket(fileno=socket.dup(connection.fileno())) as handle:
        handle.shutdown(socket.SHUT_RDWR)


def _reason(error: Any) -> Reason:
    import psycopg

    match error:
        case psycopg.errors.InsufficientPrivilege() | psycopg.errors.ReadOnlySqlTransaction():
            return Reason.PERMISSION
        case psycopg.errors.QueryCanceled() | psycopg.errors.ConnectionTimeout():
            return Reason.TIMEOUT
        case psycopg.errors.LockNotAvailable():
            return Reason.LOCKED
        case psycopg.errors.UndefinedTable() | psycopg.errors.UndefinedColumn() | psycopg.errors.UndefinedObject():
            return Reason.VERSION
        case psycopg.OperationalError():
            return _refusal(str(error))
        case _:
            return Reason.PARSE


def _refusal(text: str) -> Reason:
    """A connection that is refused has no SQLSTATE: libpq has only the server's words."""
    if any(words in text for words in REFUSALS) or (UNKNOWN_ROLE in text and "does not exist" in text):
        return Reason.AUTH
    if "permission denied for database" in text:
        return Reason.PERMISSION
    return Reason.CONNECT
