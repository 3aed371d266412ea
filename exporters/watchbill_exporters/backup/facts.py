"""What is known of repositories, tested restores and stores, and its families. None is unknown, and stays absent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.backup import catalogue as c

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client import Metric

    from watchbill_exporters.backup.catalogue import Family


@dataclass(frozen=True)
class SourceFacts:
    """One thing that is backed up; times are Unix times, `attempt_ok` is None while none has ended."""

    source: str
    last_success: float | None = None
    last_attempt: float | None = None
    attempt_ok: bool | None = None
    duration: float | None = None
    size: float | None = None
    recovery_point: float | None = None
    snapshots: int | None = None
    oldest: float | None = None
    future: int | None = None
    damaged: int | None = None


@dataclass(frozen=True)
class RepositoryFacts:
    """Where backups go."""

    repository: str
    sources: tuple[SourceFacts, ...] = ()
    locked: bool | None = None
    listed: float | None = None
    checked: float | None = None


@dataclass(frozen=True)
class RestoreFacts:
    """What testing a restore has shown."""

    repository: str
    source: str
    last_run: float | None = None
    ok: bool | None = None
    last_success: float | None = None
    duration: float | None = None
    recovery_point: float | None = None
    rows: int | None = None
    mismatches: int | None = None


@dataclass(frozen=True)
class TableFacts:
    """One table of a store."""

    store: str
    table: str
    size: float | None = None
    newest: float | None = None


@dataclass(frozen=True)
class Facts:
    """The snapshot of every source of this exporter."""

    repositories: tuple[RepositoryFacts, ...] = ()
    restores: tuple[RestoreFacts, ...] = ()
    tables: tuple[TableFacts, ...] = ()


Row = tuple["Family", dict[str, str], float | None]


def families(facts: Facts) -> Iterator[Metric]:
    """Return the families that have samples, in the catalogue's order."""
    rows: dict[str, list[tuple[Mapping[str, str], float]]] = {}
    for family, labels, value in _rows(facts):
        if value is not None:
            rows.setdefault(family.name, []).append((labels, float(value)))
    return (family.metric(rows[family.name]) for family in c.FAMILIES if family.name in rows)


def _rows(facts: Facts) -> Iterator[Row]:
    for repository in facts.repositories:
        labels = {"repository": repository.repository}
        yield c.LOCKED, labels, repository.locked
        yield c.LISTED, labels, repository.listed
        yield c.CHECKED, labels, repository.checked
        for source in repository.sources:
            yield from _source({**labels, "source": source.source}, source)
    for restore in facts.restores:
        yield from _restore(restore)
    for table in facts.tables:
        labels = {"store": table.store, "table": table.table}
        yield c.STORE_SIZE, labels, table.size
        yield c.STORE_NEWEST, labels, table.newest


def _source(labels: dict[str, str], facts: SourceFacts) -> Iterable[Row]:
    return (
        (c.LAST_SUCCESS, labels, facts.last_success),
        (c.LAST_ATTEMPT, labels, facts.last_attempt),
        (c.ATTEMPT_OK, labels, facts.attempt_ok),
        (c.DURATION, labels, facts.duration),
        (c.SIZE, labels, facts.size),
        (c.RECOVERY_POINT, labels, facts.recovery_point),
        (c.SNAPSHOTS, labels, facts.snapshots),
        (c.OLDEST, labels, facts.oldest),
        (c.FUTURE, labels, facts.future),
        (c.DAMAGED, labels, facts.damaged),
    )


def _restore(facts: RestoreFacts) -> Iterable[Row]:
    labels = {"repository": facts.repository, "source": facts.source}
    return (
        (c.TEST_SUCCESS, labels, facts.last_success),
        (c.TEST_RUN, labels, facts.last_run),
        (c.TEST_OK, labels, facts.ok),
        (c.TEST_DURATION, labels, facts.duration),
        (c.TEST_RECOVERY_POINT, labels, facts.recovery_point),
        (c.TEST_ROWS, labels, facts.rows),
        (c.TEST_MISMATCHES, labels, facts.mismatches),
    )
