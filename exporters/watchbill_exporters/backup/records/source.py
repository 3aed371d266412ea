"""`kind: state`: reads the directory that `wrap` and `restore-test` write."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill_exporters.backup.facts import Facts, RepositoryFacts
from watchbill_exporters.backup.records.attach import checked, restore_facts, source_facts
from watchbill_exporters.backup.records.directory import Kind, Record, read_all
from watchbill_exporters.backup.source import FactsSource
from watchbill_exporters.core.fields import Name, TargetSection

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver


class StateSection(TargetSection):
    """Small files that are read at each scrape."""

    kind: Literal["state"]
    directory: Path = Field(description="What `--state` says.")
    elsewhere: tuple[Name, ...] = Field((), description="Repositories whose own target has `state:` and tells of them.")


@dataclass(frozen=True)
class StateConfig:
    name: str
    directory: Path
    elsewhere: tuple[str, ...] = ()


class StateClient:
    """Records without a repository are shown under the target's name."""

    def __init__(self, config: StateConfig) -> None:
        self.config = config

    def read(self, _: Deadline) -> Facts:
        records = list(read_all(self.config.directory))
        groups: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            if record.kind is not Kind.RESTORE and record.repository not in self.config.elsewhere:
                groups[record.repository or self.config.name].append(record)
        repositories = (self._repository(name, group) for name, group in sorted(groups.items()))
        restores = (restore_facts(record) for record in records if record.kind is Kind.RESTORE)
        return Facts(tuple(repositories), tuple(restores))

    def close(self) -> None:
        """Nothing is kept open."""

    @staticmethod
    def _repository(name: str, records: list[Record]) -> RepositoryFacts:
        sources = tuple(source_facts(record) for record in records if record.kind is Kind.BACKUP)
        return RepositoryFacts(name, sources, checked=checked(records))


@dataclass(frozen=True)
class StateSource(FactsSource):
    kind: str = "state"
    section: type[StateSection] = StateSection

    def resolve(self, section: StateSection, resolver: Resolver) -> StateConfig:
        return StateConfig(section.name, resolver.path(section.directory), section.elsewhere)

    def connect(self, config: StateConfig) -> StateClient:
        return StateClient(config)


STATE = StateSource()
