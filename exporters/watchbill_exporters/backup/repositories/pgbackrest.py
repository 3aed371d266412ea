"""pgBackRest: `info`, which works while a backup runs; a target is one of its repositories, a source is a stanza."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, TypeAdapter

from watchbill_exporters.backup.facts import Facts, RepositoryFacts, SourceFacts
from watchbill_exporters.backup.listing import Backup, Ledger
from watchbill_exporters.backup.process import Done, Tool, run
from watchbill_exporters.backup.records.attach import attached
from watchbill_exporters.backup.repositories.stanza import FileEntry, Stanza
from watchbill_exporters.backup.section import BackupSection, revealed
from watchbill_exporters.backup.source import FactsSource
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.core.fields import Name, SecretField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.secret import Secret

OK, MISSING_PATH, NO_BACKUP, MISSING_DATA, OTHER = 0, 1, 2, 3, 99
ERRORS = {  # pgBackRest's own error codes, its exit codes too
    "031": Reason.PARSE,
    "041": Reason.PERMISSION,
    "049": Reason.CONNECT,
    "050": Reason.LOCKED,
    "055": Reason.CONNECT,
    "095": Reason.AUTH,
}
QUIET = ("--log-level-console=off", "--log-level-file=off", "--log-level-stderr=warn")
_CONTROLS = dict.fromkeys(range(32))  # bytes it could not decrypt are quoted as they are; the output is one line
STANZAS: TypeAdapter[tuple[Stanza, ...]] = TypeAdapter(tuple[Stanza, ...])
FILES: TypeAdapter[dict[str, FileEntry]] = TypeAdapter(dict[str, FileEntry])


class PgBackRestSection(BackupSection):
    """One repository of pgBackRest."""

    kind: Literal["pgbackrest"]
    config: Path | None = Field(None, description="pgBackRest's own configuration; without it, its default.")
    stanza: Name | None = Field(None, description="Only this one.")
    repo: int = Field(1, ge=1, le=256, description="The number of the repository in pgBackRest's configuration.")
    password: SecretField | None = Field(None, description="The repository's cipher passphrase.")
    wal: bool = Field(
        False,
        description="The recovery point is when the newest WAL segment was stored; this hides an archiver that lags.",
    )
    state: Path | None = Field(None, description="Where `wrap --repository` with this name keeps its records.")
    program: str = Field("pgbackrest", description="Another name or path of the tool.")


@dataclass(frozen=True)
class PgBackRestConfig:
    name: str
    file: Path | None = None
    stanza: str | None = None
    repo: int = 1
    password: Secret | None = None
    wal: bool = False
    state: Path | None = None
    program: str = "pgbackrest"


def tool(config: PgBackRestConfig) -> Tool:
    phrase = {f"PGBACKREST_REPO{config.repo}_CIPHER_PASS": revealed(config.password)} if config.password else {}
    return Tool(config.program, phrase)


def ask(config: PgBackRestConfig, *words: str, deadline: Deadline) -> str:
    where = () if config.file is None else (f"--config={config.file}",)
    done = run(tool(config), *where, *QUIET, f"--repo={config.repo}", *words, deadline=deadline)
    if done.code:
        raise ScrapeError(reason(done), done.last_line)
    return done.output


def stanzas(config: PgBackRestConfig, deadline: Deadline) -> tuple[Stanza, ...]:
    """Return what `info` tells. Raises ScrapeError when the repository or a stanza cannot be read."""
    one = () if config.stanza is None else (f"--stanza={config.stanza}",)
    text = ask(config, "info", "--output=json", *one, deadline=deadline)
    found = STANZAS.validate_json(text.translate(_CONTROLS))
    if not found:
        raise ScrapeError(Reason.CONNECT, "no stanza is there: the repository is empty or gone")
    for stanza in found:
        for repo in stanza.repo:
            if repo.key == config.repo and repo.status.code not in {OK, NO_BACKUP}:
                raise ScrapeError(_status(repo.status.code, repo.status.message, repo.cipher), repo.status.first_line)
    return found


class PgBackRestClient:
    """Lists backups by stanza."""

    def __init__(self, config: PgBackRestConfig, now: Callable[[], float] = time.time) -> None:
        self.config, self._now = config, now
        self._ledger = Ledger()

    def read(self, deadline: Deadline) -> Facts:
        found = stanzas(self.config, deadline)
        now = self._now()
        backups = [one for stanza in found for one in self._backups(stanza)]
        sources = self._ledger.facts(backups, now, [stanza.name for stanza in found])
        if self.config.wal:
            stored = {stanza.name: self._newest_wal(stanza, deadline) for stanza in found}
            sources = tuple(_with_wal(source, stored[source.source], now) for source in sources)
        locked = any(stanza.status.lock.backup.held for stanza in found)
        return Facts((attached(RepositoryFacts(self.config.name, sources, locked, now), self.config.state),))

    def close(self) -> None:
        """Nothing is kept open."""

    def _backups(self, stanza: Stanza) -> Iterable[Backup]:
        """Yield them; until its stop a backup is not consistent, so that is its recovery point."""
        for backup in stanza.backup:
            if backup.database.repo_key == self.config.repo:
                span = backup.timestamp
                key = f"{stanza.name}/{backup.label}"
                seconds = float(span.stop - span.start)
                yield Backup(key, stanza.name, span.stop, span.stop, backup.info.size, seconds)

    def _newest_wal(self, stanza: Stanza, deadline: Deadline) -> float | None:
        """Return when the newest WAL segment was stored."""
        archive = stanza.newest_archive(self.config.repo)
        if archive is None or archive.max is None:
            return None
        folder = f"archive/{stanza.name}/{archive.id}/{archive.max[:16]}"
        wanted = f"--filter=^{re.escape(archive.max)}-"
        text = ask(self.config, "repo-ls", "--output=json", wanted, folder, deadline=deadline)
        return max((entry.time for entry in FILES.validate_json(text).values() if entry.time is not None), default=None)


def _with_wal(facts: SourceFacts, stored: float | None, now: float) -> SourceFacts:
    if stored is None or facts.recovery_point is None:  # WAL without a backup restores nothing
        return facts
    return replace(facts, recovery_point=max(facts.recovery_point, min(stored, now)))


def _status(code: int, message: str, cipher: str) -> Reason:
    if code in {MISSING_PATH, MISSING_DATA}:
        return Reason.CONNECT
    if "CryptoError" in message or (cipher != "none" and "FormatError" in message):  # a wrong passphrase is noise
        return Reason.AUTH
    return next((reason for number, reason in ERRORS.items() if f"[{number}]" in message), Reason.PARSE)


def reason(done: Done) -> Reason:
    found = re.search(r"ERROR: \[(\d{3})\]", done.errors)
    return ERRORS.get(found[1] if found else f"{done.code:03}", Reason.PARSE)


@dataclass(frozen=True)
class PgBackRestSource(FactsSource):
    kind: str = "pgbackrest"
    section: type[PgBackRestSection] = PgBackRestSection

    def resolve(self, section: PgBackRestSection, resolver: Resolver) -> PgBackRestConfig:
        return PgBackRestConfig(
            section.name,
            resolver.path(section.config) if section.config is not None else None,
            section.stanza,
            section.repo,
            resolver.secret(section.password, "password") if section.password is not None else None,
            section.wal,
            resolver.path(section.state) if section.state is not None else None,
            section.program,
        )

    def connect(self, config: PgBackRestConfig) -> PgBackRestClient:
        return PgBackRestClient(config)


PGBACKREST = PgBackRestSource()
