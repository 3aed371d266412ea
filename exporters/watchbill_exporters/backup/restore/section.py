"""The config of `restore-test`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from watchbill_exporters.backup.postgres import ServerSection
from watchbill_exporters.core.fields import Duration, Name, SecretField, Section


class ToolSection(Section):
    """A repository of restic or borg, and which of its backups are meant."""

    repository: str | None = Field(None, description="Where it is, as the tool is told.")
    location: SecretField | None = Field(None, description="The same from a file, for addresses with passwords.")
    password: SecretField | None = Field(None, description="Its password.")
    program: str = Field("", description="Another name or path of the tool.")


class ResticSection(ToolSection):
    """The newest snapshot that fits; globs are allowed."""

    host: str | None = Field(None, description="The host that made the snapshot.")
    path: str | None = Field(None, description="One of its paths.")
    tag: str | None = Field(None, description="One of its tags.")


class BorgSection(ToolSection):
    """The newest archive that fits."""

    archives: str = Field("*", description="A glob of names.")


class PgBackRestSection(Section):
    """A stanza, with all WAL there is."""

    config: Path | None = Field(None, description="pgBackRest's own configuration; without it, its default.")
    stanza: Name
    repo: int = Field(1, ge=1, le=256, description="The number of the repository.")
    password: SecretField | None = Field(None, description="The repository's cipher passphrase.")
    program: str = Field("pgbackrest", description="Another name or path of the tool.")


class DumpsSection(Section):
    """The newest whole dump or base backup in a directory."""

    directory: Path
    files: str = "*"
    timezone: str | None = None


class SqliteSection(Section):
    """The newest SQLite file in a directory."""

    directory: Path
    files: str = "*"


class CheckSection(Section):
    """One check: exactly one of hashes, files, rows and query."""

    hashes: str | None = Field(None, description="A file as sha256sum writes it, in what was restored.")
    files: str | None = Field(None, description="A glob; the number of files it finds is compared.")
    rows: str | None = Field(None, description="A table; the number of its rows is compared.")
    query: str | None = Field(None, description="A statement; the first value it gives is compared.")
    file: str | None = Field(None, description="The SQLite file that is asked, in what was restored.")
    database: str | None = Field(None, description="The PostgreSQL database that is asked.")
    equals: str | int | float | None = Field(None, description="What it must be.")
    at_least: float | None = Field(None, description="The least it may be.")
    at_most: float | None = Field(None, description="The most it may be.")


class NewestSection(Section):
    """A statement for the time of the newest write."""

    query: str = Field(description="Gives Unix seconds, milliseconds or ISO 8601.")
    file: str | None = Field(None, description="The SQLite file that is asked.")
    database: str | None = Field(None, description="The PostgreSQL database that is asked.")


class TestSection(Section):
    """One restore."""

    name: Name = Field(description="What is restored: the label `source`.")
    repository: Name = Field(description="The label `repository`.")
    restic: ResticSection | None = Field(None, description="Exactly one of the five says what is restored.")
    borg: BorgSection | None = None
    pgbackrest: PgBackRestSection | None = None
    dumps: DumpsSection | None = None
    sqlite: SqliteSection | None = None
    into: ServerSection | None = Field(None, description="Where a dump goes; else a cluster is made for it.")
    live: tuple[Path, ...] = Field((), description="Never restored into, over or around.")
    live_databases: tuple[ServerSection, ...] = Field((), description="Never restored into.")
    timeout: Duration = Field(3600.0, description="For the whole test.")
    checks: tuple[CheckSection, ...] = Field(
        min_length=1, description="At least one: a restore nobody looked at proves nothing."
    )
    newest: NewestSection | None = Field(None, description="Else the newest file, transaction, or the backup's begin.")


class RestoreSection(Section):
    """The whole file."""

    state: Path = Field(description="The directory of records, which the exporter reads.")
    scratch: Path = Field(description="An empty directory of its own, large enough for the largest restore.")
    run_as: str = Field("postgres", description="When root runs the tests: who runs PostgreSQL.")
    postgres_programs: Path | None = Field(None, description="Where initdb and pg_ctl are; else where Debian has them.")
    tests: tuple[TestSection, ...] = Field(min_length=1, description="Run one after the other.")
