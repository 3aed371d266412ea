"""restic: `snapshots` and `list locks`, neither of which takes a lock. 0.17 and newer tell size and duration too."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter

from watchbill_exporters.backup.facts import Facts, RepositoryFacts
from watchbill_exporters.backup.listing import Backup, Ledger, Sources
from watchbill_exporters.backup.process import Done, Tool, run
from watchbill_exporters.backup.records.attach import attached
from watchbill_exporters.backup.repositories.config import RepositoryConfig, resolved
from watchbill_exporters.backup.section import RepositorySection, revealed
from watchbill_exporters.backup.source import FactsSource
from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver

CODES = {10: Reason.CONNECT, 11: Reason.LOCKED, 12: Reason.AUTH}  # since restic 0.17; before, all is 1
WORDS = (
    ("wrong password", Reason.AUTH),
    ("empty password", Reason.AUTH),
    ("unable to open repository", Reason.CONNECT),
    ("is there a repository at", Reason.CONNECT),
    ("unable to open config file", Reason.CONNECT),
    ("already locked", Reason.LOCKED),
    ("permission denied", Reason.PERMISSION),
    ("unsupported repository version", Reason.VERSION),
    ("connection refused", Reason.CONNECT),
    ("no such host", Reason.CONNECT),
)
_LOST = re.compile(r"(?i)could not load snapshot|^ignoring ")
_DELETED = re.compile(r"(?i)no such file|does not exist|not found")  # by somebody else, between the list and the read


class ResticSection(RepositorySection):
    """A restic repository."""

    kind: Literal["restic"]


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Summary(_Loose):
    """What 0.17 keeps in a snapshot."""

    backup_start: AwareDatetime
    backup_end: AwareDatetime
    total_bytes_processed: int


class Snapshot(_Loose):
    """One row of `restic snapshots --json`."""

    id: str
    time: AwareDatetime
    hostname: str = ""
    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] | None = None
    summary: Summary | None = None


SNAPSHOTS: TypeAdapter[tuple[Snapshot, ...] | None] = TypeAdapter(tuple[Snapshot, ...] | None)


def tool(config: RepositoryConfig) -> Tool:
    return Tool(
        config.program,
        {
            "RESTIC_REPOSITORY": revealed(config.location),
            "RESTIC_REPOSITORY_FILE": None,
            **(
                {
                    "RESTIC_PASSWORD": revealed(config.password),
                    "RESTIC_PASSWORD_FILE": None,
                    "RESTIC_PASSWORD_COMMAND": None,
                }
                if config.password
                else {}
            ),
        },
    )


def ask(config: RepositoryConfig, *words: str, deadline: Deadline) -> str:
    """Return what restic prints. Raises ScrapeError with the reason that its words give."""
    return answer(config, *words, deadline=deadline).output


def answer(config: RepositoryConfig, *words: str, deadline: Deadline) -> Done:
    done = run(tool(config), "--no-lock", *words, deadline=deadline)
    if done.code:
        raise ScrapeError(reason(done), said(done))
    return done


def reason(done: Done) -> Reason:
    text = done.errors.lower()
    return CODES.get(done.code) or next((reason for words, reason in WORDS if words in text), Reason.PARSE)


def said(done: Done) -> str:
    """Return the first words that tell of the fault; the last ones are hints."""
    lines = [line for line in done.errors.splitlines() if line.startswith(("Fatal", "{"))]
    return lines[0][:300] if lines else done.last_line


def snapshots(config: RepositoryConfig, deadline: Deadline) -> tuple[Snapshot, ...]:
    """Return all. Raises ScrapeError when one cannot be read: restic leaves it out, tells so, and exits with 0."""
    done = answer(config, "snapshots", "--json", deadline=deadline)
    if _lost(done):  # a copy damaged on its way stays in restic's cache
        done = answer(config, "--no-cache", "snapshots", "--json", deadline=deadline)
    if lost := _lost(done):
        raise ScrapeError(Reason.PARSE, f"snapshots that cannot be read: {len(lost)}: {lost[0][:200]}")
    return SNAPSHOTS.validate_json(done.output) or ()


def _lost(done: Done) -> list[str]:
    return [line for line in done.errors.splitlines() if _LOST.search(line) and not _DELETED.search(line)]


def backup(snapshot: Snapshot, sources: Sources) -> Backup:
    source = sources.name(snapshot.hostname, snapshot.hostname, snapshot.paths, snapshot.tags or ())
    begun, summary = snapshot.time.timestamp(), snapshot.summary
    if summary is None:
        return Backup(snapshot.id, source, begun)
    seconds = (summary.backup_end - summary.backup_start).total_seconds()
    return Backup(snapshot.id, source, begun, summary.backup_end.timestamp(), summary.total_bytes_processed, seconds)


class ResticClient:
    """Lists snapshots and looks at locks."""

    def __init__(self, config: RepositoryConfig, now: Callable[[], float] = time.time) -> None:
        self.config, self._now = config, now
        self._ledger, self._sources = Ledger(), Sources(config.rules)

    def read(self, deadline: Deadline) -> Facts:
        found = snapshots(self.config, deadline)
        locked = self._locked(deadline)
        now = self._now()
        known = [rule.source for rule in self.config.rules]
        sources = self._ledger.facts([backup(snapshot, self._sources) for snapshot in found], now, known)
        facts = RepositoryFacts(self.config.name, sources, locked, now)
        return Facts((attached(facts, self.config.state),))

    def close(self) -> None:
        """Nothing is kept open."""

    def _locked(self, deadline: Deadline) -> bool:
        """Return whether a lock shuts out backups; those of a backup itself are shared and do not."""
        for lock in ask(self.config, "list", "locks", deadline=deadline).split():
            try:
                text = ask(self.config, "cat", "lock", lock, deadline=deadline)
            except ScrapeError:  # given back between the two calls
                continue
            if json.loads(text).get("exclusive"):
                return True
        return False


@dataclass(frozen=True)
class ResticSource(FactsSource):
    kind: str = "restic"
    section: type[ResticSection] = ResticSection

    def resolve(self, section: ResticSection, resolver: Resolver) -> RepositoryConfig:
        return resolved(section, resolver, "restic")

    def connect(self, config: RepositoryConfig) -> ResticClient:
        return ResticClient(config)


RESTIC = ResticSource()
