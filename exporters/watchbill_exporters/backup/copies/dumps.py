"""`kind: dumps`: pg_dump, pg_dumpall and pg_basebackup in a directory."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from watchbill_exporters.backup.copies.directory import CopiesSection, copies, only_names, stem
from watchbill_exporters.backup.copies.formats import inspect
from watchbill_exporters.backup.facts import Facts, RepositoryFacts
from watchbill_exporters.backup.listing import Backup, Ledger, Rule, Sources
from watchbill_exporters.backup.records.attach import attached
from watchbill_exporters.backup.source import FactsSource
from watchbill_exporters.core.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver


class DumpsSection(CopiesSection):
    """Dumps and base backups."""

    kind: Literal["dumps"]
    timezone: str | None = Field(None, description="Of the host that dumps, such as Europe/Berlin; else the local one.")


@dataclass(frozen=True)
class DumpsConfig:
    name: str
    directory: Path
    files: str = "*"
    rules: tuple[Rule, ...] = ()
    zone: ZoneInfo | None = None
    state: Path | None = None


class DumpsClient:
    """Looks at both ends of each file."""

    def __init__(self, config: DumpsConfig, now: Callable[[], float] = time.time) -> None:
        self.config, self._now = config, now
        self._ledger, self._sources = Ledger(), Sources(config.rules)

    def read(self, deadline: Deadline) -> Facts:
        whole: list[Backup] = []
        damaged: Counter[str] = _counter(rule.source for rule in self.config.rules)
        for path in copies(self.config.directory, self.config.files):
            if deadline.over:
                raise TimeoutError(f"too many copies in {self.config.directory}")
            source = self._sources.name(path.name if self.config.rules else stem(path.name))
            damaged[source] += 0
            found, written = inspect(path, self.config.zone), _written(path)
            if found.whole:
                began = found.began if found.began is not None else written
                whole.append(Backup(path.name, source, began, max(began, written), found.size))
            else:
                damaged[source] += 1
        now = self._now()
        facts = self._ledger.facts(whole, now, damaged)
        sources = tuple(replace(source, damaged=damaged[source.source]) for source in facts)
        return Facts((attached(RepositoryFacts(self.config.name, sources, None, now), self.config.state),))

    def close(self) -> None:
        """Nothing is kept open."""


def _counter(names: Iterable[str]) -> Counter[str]:
    return Counter(dict.fromkeys(names, 0))


def _written(path: Path) -> float:
    manifest = path / "backup_manifest"
    toc = path / "toc.dat"
    last = next((file for file in (manifest, toc) if path.is_dir() and file.is_file()), path)
    return last.stat().st_mtime


@dataclass(frozen=True)
class DumpsSource(FactsSource):
    kind: str = "dumps"
    section: type[DumpsSection] = DumpsSection

    def resolve(self, section: DumpsSection, resolver: Resolver) -> DumpsConfig:
        only_names(section)
        try:
            zone = ZoneInfo(section.timezone) if section.timezone is not None else None
        except (ZoneInfoNotFoundError, ValueError):
            raise InvalidError(("timezone",), "no such time zone", "A name such as Europe/Berlin or UTC.") from None
        rules = tuple(Rule(**entry.model_dump()) for entry in section.sources)
        state = resolver.path(section.state) if section.state is not None else None
        return DumpsConfig(section.name, resolver.path(section.directory), section.files, rules, zone, state)

    def connect(self, config: DumpsConfig) -> DumpsClient:
        return DumpsClient(config)


DUMPS = DumpsSource()
