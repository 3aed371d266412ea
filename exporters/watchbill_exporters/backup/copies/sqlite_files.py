"""`kind: sqlite`: copies of SQLite files, each checked once and again when it changed."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.backup.copies.directory import CopiesSection, copies, only_names, stem
from watchbill_exporters.backup.facts import Facts, RepositoryFacts, SourceFacts
from watchbill_exporters.backup.listing import Backup, Ledger, Rule, Sources
from watchbill_exporters.backup.records.attach import attached
from watchbill_exporters.backup.source import FactsSource
from watchbill_exporters.backup.sqlite import is_intact, opened
from watchbill_exporters.backup.times import unix_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver


class SqliteSection(CopiesSection):
    """Copies of SQLite files, as `.backup` or `VACUUM INTO` make them."""

    kind: Literal["sqlite"]
    newest: str | None = Field(None, description="A query for the time of the newest row: the recovery point.")


@dataclass(frozen=True)
class SqliteConfig:
    name: str
    directory: Path
    files: str = "*"
    rules: tuple[Rule, ...] = ()
    newest: str | None = None
    state: Path | None = None


@dataclass(frozen=True)
class Verdict:
    """What was found in a file of this inode, size and time of change."""

    mark: tuple[int, int, int]
    intact: bool
    newest: float | None = None


class SqliteClient:
    """Checks what is new; checking a copy reads all of it."""

    def __init__(self, config: SqliteConfig, now: Callable[[], float] = time.time) -> None:
        self.config, self._now = config, now
        self._ledger, self._sources = Ledger(), Sources(config.rules)
        self._verdicts: dict[str, Verdict] = {}

    def read(self, deadline: Deadline) -> Facts:
        files = list(copies(self.config.directory, self.config.files))
        self._verdicts = {name: v for name, v in self._verdicts.items() if name in {file.name for file in files}}
        whole: list[Backup] = []
        newest: dict[str, float] = {}
        damaged = Counter({rule.source: 0 for rule in self.config.rules})
        for file in files:
            source = self._sources.name(file.name if self.config.rules else stem(file.name))
            verdict = self._verdict(file, deadline)
            damaged[source] += not verdict.intact
            if verdict.intact:
                status = file.stat()
                whole.append(Backup(file.name, source, status.st_mtime, size=status.st_size))
                if verdict.newest is not None:
                    newest[source] = max(verdict.newest, newest.get(source, verdict.newest))
        now = self._now()
        facts = self._ledger.facts(whole, now, damaged)
        sources = (self._with(s, damaged[s.source], newest) for s in facts)
        return Facts((attached(RepositoryFacts(self.config.name, tuple(sources), None, now), self.config.state),))

    def close(self) -> None:
        """Nothing is kept open."""

    def _verdict(self, file: Path, deadline: Deadline) -> Verdict:
        status = file.stat()
        mark = status.st_ino, status.st_size, status.st_mtime_ns
        known = self._verdicts.get(file.name)
        if known is None or known.mark != mark:
            intact = is_intact(file, deadline)
            newest = self._newest(file, deadline) if intact and self.config.newest is not None else None
            known = self._verdicts[file.name] = Verdict(mark, intact, newest)
        return known

    def _newest(self, file: Path, deadline: Deadline) -> float | None:
        with opened(file, deadline, still=True) as connection:
            row = connection.execute(self.config.newest or "").fetchone()
        return unix_time(row[0]) if row is not None else None

    def _with(self, facts: SourceFacts, damaged: int, newest: dict[str, float]) -> SourceFacts:
        point = facts.recovery_point if self.config.newest is None else newest.get(facts.source)
        return replace(facts, damaged=damaged, recovery_point=point)


@dataclass(frozen=True)
class SqliteSource(FactsSource):
    kind: str = "sqlite"
    section: type[SqliteSection] = SqliteSection

    def resolve(self, section: SqliteSection, resolver: Resolver) -> SqliteConfig:
        only_names(section)
        rules = tuple(Rule(**entry.model_dump()) for entry in section.sources)
        state = resolver.path(section.state) if section.state is not None else None
        folder = resolver.path(section.directory)
        return SqliteConfig(section.name, folder, section.files, rules, section.newest, state)

    def connect(self, config: SqliteConfig) -> SqliteClient:
        return SqliteClient(config)


SQLITE = SqliteSource()
