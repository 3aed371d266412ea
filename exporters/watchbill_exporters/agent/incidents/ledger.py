"""The ledger in memory: bounded, searchable, and counted exactly once, whenever the process is killed.

Rows are numbered. The state holds the number up to which rows are in the counters; after a restart, rows of new
incidents above it are counted. So a report is safe once its row is on disk, whichever of the two files is newer.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue.operations import INCIDENTS
from watchbill_exporters.agent.incidents.item import Item, Report, changed, opened
from watchbill_exporters.core import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from watchbill_exporters.agent.incidents.journal import Journal
    from watchbill_exporters.core.memory.tally import Tally

_log = log.logger(__name__)


@dataclass(frozen=True)
class Query:
    """What is looked for; what is empty matches all."""

    id: str = ""
    trace_id: str = ""
    status: str = ""
    since: float | None = None
    until: float | None = None
    limit: int = 100


@dataclass(frozen=True)
class Taken:
    """What became of a report."""

    item: Item
    new: bool


class Ledger:
    """Any thread may call it. Lock order: this one's, then the tally's."""

    def __init__(self, tally: Tally, keep: int) -> None:
        self.keep = keep
        self.counted: int | None = None
        self._tally = tally
        self._lock = Lock()
        self._journal: Journal | None = None
        self._items: dict[str, Item] = {}
        self._number = 0

    def open(self, journal: Journal) -> None:
        """Take what the file holds; count what the counters do not have yet. Raises LedgerError."""
        self._journal = journal
        first: dict[str, Item] = {}
        for item in journal.read():
            first.setdefault(item.id, item)
            self._items[item.id] = item
            self._number = max(self._number, item.last)
        with self._tally.lock:
            if self.counted is not None:
                self._count(item for item in first.values() if item.first > (self.counted or 0))
            self.counted = self._number = max(self._number, self.counted or 0)
            self._trim()

    def add(self, reports: Sequence[Report]) -> list[Taken]:
        """Take reports, all or none. Raises OSError when they cannot be written."""
        with self._lock:
            number = self._number
            fresh: dict[str, Item] = {}
            out, rows = [], []
            for report in reports:
                known = fresh.get(report.id) or self._items.get(report.id)
                item = opened(report, number + 1) if known is None else changed(known, report, number + 1)
                if item is not None:
                    number += 1
                    fresh[report.id] = item
                    rows.append(item)
                out.append(Taken(item or fresh.get(report.id) or self._items[report.id], known is None))
            if rows and self._journal is not None:
                self._journal.append(rows)
            with self._tally.lock:
                self._items.update(fresh)
                self._number = self.counted = number
                self._count(taken.item for taken in out if taken.new)
                self._trim()
            self._compact()
            return out

    def find(self, query: Query) -> list[Item]:
        """Return the newest that match, newest first."""
        with self._tally.lock:
            found = [item for item in self._items.values() if _matches(item, query)]
        return sorted(found, key=lambda item: (item.at, item.first), reverse=True)[: query.limit]

    def oldest(self) -> dict[str, float]:
        """Return since when the oldest item waits, by stage."""
        out: dict[str, float] = {}
        for item in self._items.values():
            if (stage := item.stage) is not None:
                out[stage] = min(item.since, out.get(stage, item.since))
        return out

    def close(self) -> None:
        with self._lock:
            if self._journal is not None:
                self._journal.close()
                self._journal = None

    def __len__(self) -> int:
        return len(self._items)

    def _count(self, items: Iterable[Item]) -> None:
        for item in items:
            self._tally.add(INCIDENTS, (item.source, str(item.has_trace).lower()))

    def _trim(self) -> None:
        """Let go of the oldest: those that are done with first."""
        excess = len(self._items) - self.keep
        if excess > 0:
            order = sorted(self._items.values(), key=lambda item: (item.stage is not None, item.first))
            for item in order[: excess + self.keep // 20]:
                del self._items[item.id]

    def _compact(self) -> None:
        if self._journal is None or self._journal.rows <= 2 * self.keep + 1000:
            return
        try:
            self._journal.replace(sorted(self._items.values(), key=lambda item: item.last))
        except OSError as error:
            _log.warning("ledger not made smaller", error=error.strerror or str(error))


def _matches(item: Item, query: Query) -> bool:
    return (
        query.id in {"", item.id}
        and query.trace_id in {"", item.trace_id}
        and query.status in {"", item.status}
        and (query.since is None or item.at >= query.since)
        and (query.until is None or item.at <= query.until)
    )
