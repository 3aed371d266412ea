"""Refuses targets that are, hold, or lie inside live data. Links are followed first."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from watchbill_exporters.backup.postgres import Server, query
from watchbill_exporters.core.errors import ScrapeError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from watchbill_exporters.core.clock import Deadline

IDENTITY = "select system_identifier, current_database() from pg_control_system()"


class RefusedError(Exception):
    """The target is not a scratch place."""


def check_paths(target: Path, live: Iterable[Path]) -> None:
    """Raise RefusedError when target and a live path overlap: one is, or lies inside, the other."""
    place = target.resolve()
    for path in live:
        other = path.resolve()
        if place == other or place.is_relative_to(other):
            raise RefusedError(f"the scratch place {target} is inside of {path}, which is live")
        if other.is_relative_to(place):
            raise RefusedError(f"the scratch place {target} holds {path}, which is live")


def check_database(target: Server, live: Iterable[Server], deadline: Deadline) -> None:
    """Raise RefusedError when target is one of the live databases, by name and address or by what the servers say."""
    for other in live:
        if target.database != other.database:
            continue
        if target.port == other.port and _addresses(target.host) & _addresses(other.host):
            raise RefusedError(f"{target.database} on {target.host} is a live database")
        if _same_cluster(target, other, deadline):
            raise RefusedError(f"{target.database} is a live database: {target.host} and {other.host} are one server")


def _same_cluster(target: Server, other: Server, deadline: Deadline) -> bool:
    """Compare the identifiers of the clusters; without an answer the database's own mark still protects it."""
    with suppress(ScrapeError, TimeoutError):
        at = Server(target.host, target.port, "postgres", target.user, target.password, target.sslmode)
        return _identifier(at, deadline) == _identifier(other, deadline)
    return False


def _identifier(server: Server, deadline: Deadline) -> str:
    return query(server, IDENTITY, deadline.within(10.0))[0][0]


def _addresses(host: str) -> set[str]:
    if host.startswith("/") or not host:
        return {"localhost-socket", "127.0.0.1", "::1"}
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, None)}
    except OSError:
        return {host}
    return found
