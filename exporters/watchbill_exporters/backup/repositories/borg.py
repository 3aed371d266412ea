"""borg: `list`, with a short wait for the lock. A locked repository is a state; what was listed before is kept."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from watchbill_exporters.backup.facts import Facts, RepositoryFacts, SourceFacts
from watchbill_exporters.backup.listing import Backup, Ledger, Sources
from watchbill_exporters.backup.process import Done, Tool, run
from watchbill_exporters.backup.records.attach import attached
from watchbill_exporters.backup.repositories.config import RepositoryConfig, resolved
from watchbill_exporters.backup.section import RepositorySection, revealed
from watchbill_exporters.backup.source import FactsSource
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.core.overflow import OTHER

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver

LOCK_WAIT = 1  # seconds; whoever has the lock is most likely making a backup
MESSAGES = {
    "PassphraseWrong": Reason.AUTH,
    "NoPassphraseFailure": Reason.AUTH,
    "PasscommandFailure": Reason.AUTH,
    "LockTimeout": Reason.LOCKED,
    "LockError": Reason.LOCKED,
    "LockFailed": Reason.PERMISSION,  # it cannot write the lock: of a full or read-only disk too
    "Repository.DoesNotExist": Reason.CONNECT,
    "Repository.InvalidRepository": Reason.CONNECT,
    "Repository.PathPermissionDenied": Reason.PERMISSION,
    "ConnectionClosed": Reason.CONNECT,
    "ConnectionClosedWithHint": Reason.CONNECT,
    "UnsupportedManifestError": Reason.VERSION,
    "UnsupportedPayloadError": Reason.VERSION,
    "MandatoryFeatureUnsupported": Reason.VERSION,
}
_DATED = re.compile(r"[-_.:@ ]\d{4}-?\d{2}-?\d{2}[-_.:T \d]*$")  # the end of archive names such as web1-2026-11-25


class BorgSection(RepositorySection):
    """A borg repository."""

    kind: Literal["borg"]


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Archive(_Loose):
    """One row of `borg list --json`; its times have no zone, so it is run in UTC."""

    id: str
    name: str
    time: datetime

    @property
    def at(self) -> float:
        return (self.time if self.time.tzinfo else self.time.replace(tzinfo=UTC)).timestamp()


class Listing(_Loose):
    """What `borg list --json` prints."""

    archives: tuple[Archive, ...]


def tool(config: RepositoryConfig) -> Tool:
    return Tool(
        config.program,
        {
            "BORG_REPO": revealed(config.location),
            "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",  # it would ask, and nobody is there; we only read
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
            "BORG_RSH": "ssh -o BatchMode=yes",
            **(
                {"BORG_PASSPHRASE": revealed(config.password), "BORG_PASSCOMMAND": None, "BORG_PASSPHRASE_FD": None}
                if config.password
                else {}
            ),
        },
    )


def archives(config: RepositoryConfig, deadline: Deadline) -> tuple[Archive, ...]:
    """Return the archives. Raises ScrapeError with the reason that borg's message id gives."""
    done = run(tool(config), "--log-json", "--lock-wait", str(LOCK_WAIT), "list", "--json", deadline=deadline)
    if done.code > 1 and done.code not in range(100, 128):  # 1, and 100 to 127 since 1.4, are warnings
        raise ScrapeError(*fault(done))
    return Listing.model_validate_json(done.output).archives


def fault(done: Done) -> tuple[Reason, str]:
    """Return the reason and the words of the first message with a known id."""
    for line in done.errors.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict) and message.get("msgid") in MESSAGES:
            return MESSAGES[message["msgid"]], str(message.get("message", ""))[:300]
    return Reason.PARSE, done.last_line


def source_of(archive: Archive, sources: Sources) -> str:
    """Return the source: by rules, else the archive's name without its date; one without a date is `other`."""
    if sources.rules:
        return sources.name(archive.name)
    stem = _DATED.sub("", archive.name)
    return sources.name(stem) if stem != archive.name else OTHER


class BorgClient:
    """Lists archives."""

    def __init__(self, config: RepositoryConfig, now: Callable[[], float] = time.time) -> None:
        self.config, self._now = config, now
        self._ledger, self._sources = Ledger(), Sources(config.rules)
        self._listed = RepositoryFacts(config.name, locked=True)

    def read(self, deadline: Deadline) -> Facts:
        try:
            found = archives(self.config, deadline)
        except ScrapeError as error:
            if error.reason is not Reason.LOCKED:
                raise
            return self._shown(replace(self._listed, locked=True, sources=tuple(map(_past, self._listed.sources))))
        now = self._now()
        backups = [Backup(one.id, source_of(one, self._sources), one.at) for one in found]
        known = [rule.source for rule in self.config.rules]
        self._listed = RepositoryFacts(self.config.name, self._ledger.facts(backups, now, known), False, now)
        return self._shown(self._listed)

    def close(self) -> None:
        """Nothing is kept open."""

    def _shown(self, facts: RepositoryFacts) -> Facts:
        return Facts((attached(facts, self.config.state),))


def _past(facts: SourceFacts) -> SourceFacts:
    """Drop what may have changed since: whoever has the lock may delete old archives, but not the newest one."""
    return replace(facts, snapshots=None, oldest=None, future=None)


@dataclass(frozen=True)
class BorgSource(FactsSource):
    kind: str = "borg"
    section: type[BorgSection] = BorgSection

    def resolve(self, section: BorgSection, resolver: Resolver) -> RepositoryConfig:
        return resolved(section, resolver, "borg")

    def connect(self, config: RepositoryConfig) -> BorgClient:
        return BorgClient(config)


BORG = BorgSource()
