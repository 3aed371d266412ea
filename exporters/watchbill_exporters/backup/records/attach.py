"""Records -> facts: of their own, or beside what a repository itself says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill_exporters.backup.facts import RepositoryFacts, RestoreFacts, SourceFacts
from watchbill_exporters.backup.records.directory import Kind, Record, read_all

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def attached(facts: RepositoryFacts, folder: Path | None) -> RepositoryFacts:
    """Add what `wrap --repository` with this name has recorded; what was listed wins."""
    if folder is None:
        return facts
    mine = [record for record in read_all(folder) if record.repository == facts.repository]
    sources = {source.source: source for source in facts.sources}
    for record in mine:
        if record.kind is Kind.BACKUP:
            known = sources.get(record.name, SourceFacts(record.name))
            sources[record.name] = _merged(known, source_facts(record))
    return replace(facts, sources=tuple(sources[name] for name in sorted(sources)), checked=checked(mine))


def source_facts(record: Record) -> SourceFacts:
    last, good = record.last, record.last_good
    attempt = record.began if record.began is not None else last.began if last is not None else None
    return SourceFacts(
        record.name,
        last_success=good.ended if good is not None else None,
        last_attempt=attempt,
        attempt_ok=last.ok if last is not None else None,
        duration=good.seconds if good is not None else None,
        size=good.size if good is not None else None,
    )


def checked(records: Iterable[Record]) -> float | None:
    """Return when a check last ended well."""
    ends = [r.last_good.ended for r in records if r.kind is Kind.CHECK and r.last_good is not None]
    return max(ends, default=None)


def restore_facts(record: Record) -> RestoreFacts:
    """Return what a test has shown: its findings are those of the last run, its measures those of the last good one."""
    last, good = record.last, record.last_good
    attempt = record.began if record.began is not None else last.began if last is not None else None
    return RestoreFacts(
        record.repository,
        record.name,
        last_run=attempt,
        ok=last.ok if last is not None else None,
        last_success=good.ended if good is not None else None,
        duration=good.seconds if good is not None else None,
        recovery_point=good.recovery_point if good is not None else None,
        rows=last.rows if last is not None else None,
        mismatches=last.mismatches if last is not None else None,
    )


def _merged(listed: SourceFacts, recorded: SourceFacts) -> SourceFacts:
    return replace(
        listed,
        last_success=listed.last_success if listed.last_success is not None else recorded.last_success,
        last_attempt=recorded.last_attempt,
        attempt_ok=recorded.attempt_ok,
        duration=listed.duration if listed.duration is not None else recorded.duration,
        size=listed.size if listed.size is not None else recorded.size,
    )
