"""The config, resolved."""

from __future__ import annotations

import os
import pwd
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from watchbill_exporters.backup.listing import Rule
from watchbill_exporters.backup.postgres import Server, server
from watchbill_exporters.backup.repositories.config import RepositoryConfig
from watchbill_exporters.backup.repositories.pgbackrest import PgBackRestConfig
from watchbill_exporters.backup.restore.database import LONGEST
from watchbill_exporters.backup.restore.section import (
    BorgSection,
    CheckSection,
    DumpsSection,
    PgBackRestSection,
    ResticSection,
    RestoreSection,
    SqliteSection,
    TestSection,
    ToolSection,
)
from watchbill_exporters.backup.section import located
from watchbill_exporters.core.config import load
from watchbill_exporters.core.errors import ConfigError, InvalidError
from watchbill_exporters.core.resolver import Resolver

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill_exporters.core.diagnostics import Diagnostic

KINDS = ("restic", "borg", "pgbackrest", "dumps", "sqlite")
_DATABASE = re.compile(rf"[A-Za-z_][A-Za-z0-9_-]{{0,{LONGEST - 1}}}")
SOCKET_PATH = 80  # a socket's path has 107 bytes at most; ours adds /watchbill-restore/pg/.s.PGSQL.5432


@dataclass(frozen=True)
class Check:
    """What must hold for what was restored."""

    hashes: str | None = None
    files: str | None = None
    rows: str | None = None
    query: str | None = None
    file: str | None = None
    database: str | None = None
    equals: str | int | float | None = None
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Newest:
    query: str
    file: str | None = None
    database: str | None = None


@dataclass(frozen=True)
class Restic:
    config: RepositoryConfig
    rule: Rule


@dataclass(frozen=True)
class Borg:
    config: RepositoryConfig
    rule: Rule


@dataclass(frozen=True)
class PgBackRest:
    config: PgBackRestConfig


@dataclass(frozen=True)
class Dumps:
    directory: Path
    files: str
    zone: ZoneInfo | None = None


@dataclass(frozen=True)
class Sqlite:
    directory: Path
    files: str


Origin = Restic | Borg | PgBackRest | Dumps | Sqlite


@dataclass(frozen=True)
class Test:
    """One restore: from where, into what, and what must hold."""

    name: str
    repository: str
    origin: Origin
    checks: tuple[Check, ...]
    newest: Newest | None = None
    into: Server | None = None
    live: tuple[Path, ...] = ()
    live_databases: tuple[Server, ...] = ()
    timeout: float = 3600.0


@dataclass(frozen=True)
class Plan:
    """All of them."""

    state: Path
    scratch: Path
    run_as: str
    programs: Path | None
    tests: tuple[Test, ...]


def read(file: Path) -> Plan:
    """Return the plan. Raises ConfigError with all that is wrong."""
    source = load.load(file)
    section = load.validate(source, RestoreSection)
    resolver = Resolver(file.resolve().parent)
    faults: list[Diagnostic] = []
    tests: list[Test] = []
    names: set[tuple[str, str]] = set()
    for index, entry in enumerate(section.tests):
        try:
            tests.append(_test(entry, resolver))
        except InvalidError as error:
            faults.append(source.diagnose(("tests", index, *error.path), str(error), error.hint))
        if (entry.repository, entry.name) in names:
            message = f"{entry.repository} has another test '{entry.name}'"
            faults.append(source.diagnose(("tests", index, "name"), message, "Name it otherwise."))
        names.add((entry.repository, entry.name))
    state, scratch = resolver.path(section.state), resolver.path(section.scratch)
    for key, path in (("state", state), ("scratch", scratch)):
        if not path.is_dir():
            faults.append(source.diagnose((key,), f"there is no directory {path}", "Make it."))
    servers = any(isinstance(test.origin, PgBackRest | Dumps) for test in tests)
    if servers and len(str(scratch.resolve())) > SOCKET_PATH:
        message = "the path is too long for PostgreSQL's socket"
        faults.append(source.diagnose(("scratch",), message, "Take a shorter one."))
    if os.geteuid() == 0 and not _is_user(section.run_as):
        faults.append(
            source.diagnose(("run_as",), f"there is no user {section.run_as}", "PostgreSQL refuses to be root.")
        )
    if faults:
        raise ConfigError(sorted(faults))
    programs = resolver.path(section.postgres_programs) if section.postgres_programs is not None else None
    return Plan(state, scratch, section.run_as, programs, tuple(tests))


def _is_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _test(entry: TestSection, resolver: Resolver) -> Test:
    given = [kind for kind in KINDS if getattr(entry, kind) is not None]
    if len(given) != 1:
        raise InvalidError((), f"exactly one of {', '.join(KINDS)} is needed", "Say what is restored.")
    if entry.into is not None and given != ["dumps"]:
        raise InvalidError(("into",), f"{given[0]} restores files, not into a database", "Leave it out.")
    if entry.into is not None and not _DATABASE.fullmatch(entry.into.database):
        hint = f"At most {LONGEST} letters, digits, _ and -."
        raise InvalidError(("into", "database"), "this is no name for a scratch database", hint)
    return Test(
        entry.name,
        entry.repository,
        _origin(getattr(entry, given[0]), resolver, given[0]),
        tuple(_check(check, index) for index, check in enumerate(entry.checks)),
        Newest(**entry.newest.model_dump()) if entry.newest is not None else None,
        server(entry.into, resolver, "into") if entry.into is not None else None,
        tuple(resolver.path(path) for path in entry.live),
        tuple(server(one, resolver, "live_databases", index) for index, one in enumerate(entry.live_databases)),
        entry.timeout,
    )


def _origin(section: Any, resolver: Resolver, key: str) -> Origin:
    match section:
        case ResticSection():
            rule = Rule("", section.host, section.path, section.tag)
            return Restic(_repository(section, resolver, key), rule)
        case BorgSection():
            return Borg(_repository(section, resolver, key), Rule("", name=section.archives))
        case PgBackRestSection():
            file = resolver.path(section.config) if section.config is not None else None
            password = resolver.secret(section.password, key, "password") if section.password is not None else None
            return PgBackRest(
                PgBackRestConfig("", file, section.stanza, section.repo, password, program=section.program)
            )
        case DumpsSection():
            try:
                zone = ZoneInfo(section.timezone) if section.timezone is not None else None
            except (ZoneInfoNotFoundError, ValueError):
                raise InvalidError((key, "timezone"), "no such time zone", "A name such as Europe/Berlin.") from None
            return Dumps(resolver.path(section.directory), section.files, zone)
        case SqliteSection():
            return Sqlite(resolver.path(section.directory), section.files)
    raise InvalidError((key,), "not known")


def _repository(section: ToolSection, resolver: Resolver, key: str) -> RepositoryConfig:
    where = located(section.repository, section.location, resolver, key)
    password = resolver.secret(section.password, key, "password") if section.password is not None else None
    return RepositoryConfig("", where, section.program or key, password)


def _check(section: CheckSection, index: int) -> Check:
    ways = [name for name in ("hashes", "files", "rows", "query") if getattr(section, name) is not None]
    at = ("checks", index)
    if len(ways) != 1:
        raise InvalidError(at, "exactly one of hashes, files, rows and query is needed", "One entry for each check.")
    bounds = [name for name in ("equals", "at_least", "at_most") if getattr(section, name) is not None]
    if ways == ["hashes"] and bounds:
        raise InvalidError((*at, bounds[0]), "hashes are compared with what they say themselves", "Leave it out.")
    if ways != ["hashes"] and not bounds:
        raise InvalidError(at, "nothing is expected", "Add equals, at_least or at_most.")
    return Check(**section.model_dump())
