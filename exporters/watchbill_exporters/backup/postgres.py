"""Asks PostgreSQL through psql: a program can be killed when the server hangs, a driver in our process cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.backup.process import Tool, run
from watchbill_exporters.backup.section import revealed
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.core.fields import SecretField, Section

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.secret import Secret

WORDS = (
    ("password authentication failed", Reason.AUTH),
    ("no password supplied", Reason.AUTH),
    ("no pg_hba.conf entry", Reason.AUTH),
    ("authentication failed", Reason.AUTH),
    ("permission denied", Reason.PERMISSION),
    ("statement timeout", Reason.TIMEOUT),
    ("lock timeout", Reason.LOCKED),
    ("timeout expired", Reason.TIMEOUT),
    ("relation ", Reason.VERSION),
    ("column ", Reason.VERSION),
    ("connection to server", Reason.CONNECT),
    ("could not translate host name", Reason.CONNECT),
    ("server closed the connection", Reason.CONNECT),
)
READ_ONLY = "-c default_transaction_read_only=on"


class ServerSection(Section):
    """A PostgreSQL server and database."""

    host: str = Field("/var/run/postgresql", description="A name, an address, or the directory of the socket.")
    port: int = Field(5432, ge=1, le=65535)
    database: str = "postgres"
    user: str | None = None
    password: SecretField | None = None
    sslmode: str | None = None


@dataclass(frozen=True)
class Server:
    """Where a database is."""

    host: str
    port: int
    database: str
    user: str | None = None
    password: Secret | None = None
    sslmode: str | None = None

    def environment(self, options: str = "") -> dict[str, str | None]:
        password = {"PGPASSWORD": revealed(self.password)} if self.password else {}
        return {
            "PGHOST": self.host,
            "PGHOSTADDR": None,
            "PGPORT": str(self.port),
            "PGDATABASE": self.database,
            "PGSERVICE": None,
            "PGOPTIONS": options,
            "PGAPPNAME": "watchbill-exporter backup",
            **({"PGUSER": self.user} if self.user else {}),
            **({"PGSSLMODE": self.sslmode} if self.sslmode else {}),
            **password,
        }


def server(section: ServerSection, resolver: Resolver, *key: str | int) -> Server:
    password = resolver.secret(section.password, *key, "password") if section.password is not None else None
    return Server(section.host, section.port, section.database, section.user, password, section.sslmode)


def query(server: Server, sql: str, deadline: Deadline, *settings: str, program: str = "psql") -> list[list[str]]:
    """Return the rows of one read-only statement, as text. Raises ScrapeError and TimeoutError."""
    patience = max(1, int(deadline.left()))
    limits = (f"statement_timeout={int(deadline.left() * 1000)}", "lock_timeout=1000", *settings)
    options = " ".join((READ_ONLY, *(f"-c {setting}" for setting in limits)))
    environment = {**server.environment(options), "PGCONNECT_TIMEOUT": str(max(2, patience))}
    words = ("-X", "-w", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", sql)
    done = run(Tool(program, environment), *words, deadline=deadline)
    if done.code:
        raise ScrapeError(reason(done.errors), done.errors.strip().split("\n", 1)[0][:300])
    return [line.split("\x1f") for line in done.output.splitlines() if line]


def reason(errors: str) -> Reason:
    text = errors.lower()
    return next((reason for words, reason in WORDS if words in text), Reason.PARSE)
