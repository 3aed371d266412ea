"""The backups of a repository -> facts about each source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from watchbill_exporters.backup.facts import SourceFacts
from watchbill_exporters.core.overflow import OTHER, LabelLimit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 100
TOLERANCE = 60.0  # seconds by which clocks of two machines may differ without being worth a word


@dataclass(frozen=True)
class Backup:
    """One backup that can be restored. `time` is when it began: what was written later may be missing."""

    key: str
    source: str
    time: float
    end: float | None = None
    size: float | None = None
    duration: float | None = None

    @property
    def latest(self) -> float:
        return max(self.time, self.end if self.end is not None else self.time)


@dataclass(frozen=True)
class Rule:
    """Says which backups belong to a source; what is None fits all."""

    source: str
    host: str | None = None
    path: str | None = None
    tag: str | None = None
    name: str | None = None

    def fits(self, host: str, paths: Sequence[str], tags: Sequence[str], name: str) -> bool:
        wanted = ((self.host, (host,)), (self.path, paths), (self.tag, tags), (self.name, (name,)))
        return all(glob is None or any(fnmatchcase(value, glob) for value in values) for glob, values in wanted)


class Sources:
    """Names sources: by rules, else by what the tool says; the first hundred names, then `other`."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self._limit = LabelLimit("source", allowed=[rule.source for rule in rules], most=MOST)

    def name(self, default: str, host: str = "", paths: Sequence[str] = (), tags: Sequence[str] = ()) -> str:
        """Return the source of a backup; with rules, one that none of them fits is `other`."""
        for rule in self.rules:
            if rule.fits(host, paths, tags, default):
                return rule.source
        return OTHER if self.rules else self._limit.admit(default)


class Ledger:
    """Remembers when a backup dated in the future was first seen: it held nothing newer than that."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def facts(self, backups: Iterable[Backup], now: float, known: Iterable[str] = ()) -> tuple[SourceFacts, ...]:
        """Return the facts by source; `known` sources without a backup have 0 snapshots."""
        groups: dict[str, list[Backup]] = defaultdict(list, {source: [] for source in known})
        future: dict[str, float] = {}
        for backup in backups:
            groups[backup.source].append(backup)
            if backup.latest > now + TOLERANCE or backup.key in self._seen:
                future[backup.key] = self._seen.get(backup.key, now)
        self._seen = future
        return tuple(self._of(source, group, now) for source, group in sorted(groups.items()))

    def _of(self, source: str, group: list[Backup], now: float) -> SourceFacts:
        if not group:
            return SourceFacts(source, snapshots=0, future=0)
        newest = max(group, key=self._time)
        ended = newest.end if newest.end is not None else newest.time
        return SourceFacts(
            source,
            last_success=min(ended, self._seen.get(newest.key, ended)),
            duration=newest.duration,
            size=newest.size,
            recovery_point=self._time(newest),
            snapshots=len(group),
            oldest=min(map(self._time, group)),
            future=sum(backup.latest > now + TOLERANCE for backup in group),
        )

    def _time(self, backup: Backup) -> float:
        return min(backup.time, self._seen.get(backup.key, backup.time))
