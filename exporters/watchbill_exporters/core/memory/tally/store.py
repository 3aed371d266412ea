"""The store: add, put, observe; sweep; read; export and restore."""

from __future__ import annotations

import time
from threading import RLock
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.memory.tally.cells import Cell, HistogramCell
from watchbill_exporters.core.memory.tally.family import Family, Kind
from watchbill_exporters.core.memory.tally.limits import Allowance, Limits
from watchbill_exporters.core.memory.tally.snapshot import HistogramRow, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DAY = 86_400.0
SERIES = 20_000


class Tally:
    """Memory is bounded by the limits of labels, and by `series` for each family; then labels become `other`.

    Label values are given raw: they are admitted here. Hold `lock` for what must be seen together, such as the
    counts of a line and the offset after it.
    """

    def __init__(
        self,
        families: Iterable[Family],
        allowances: Mapping[str, Allowance] | None = None,
        *,
        idle_after: float = DAY,
        series: int = SERIES,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.lock = RLock()
        self.idle_after, self.series = idle_after, series
        self._clock, self.now = now, now()
        self._limits = Limits(allowances or {})
        self._cells: dict[Family, dict[tuple[str, ...], Any]] = {family: {} for family in families}
        self._pinned: list[Family] = []
        self.generation = 0
        """Changes when cells may have been dropped: who keeps cells has to ask for them again."""

    def cell(self, family: Family, labels: tuple[str, ...]) -> Any:
        """Return the cell of a series, for those who count a lot: hold the lock, and watch `generation`."""
        return self._cells[family].get(labels) or self._open(family, labels)

    def add(self, family: Family, labels: tuple[str, ...], amount: float = 1.0) -> None:
        """Add to a counter."""
        with self.lock:
            cell = self._cells[family].get(labels) or self._open(family, labels)
            cell.value += amount
            cell.touched = self.now

    def observe(self, family: Family, labels: tuple[str, ...], value: float, trace_id: str | None = None) -> None:
        """Add to a histogram."""
        with self.lock:
            (self._cells[family].get(labels) or self._open(family, labels)).observe(value, trace_id, self.now)

    def put(self, family: Family, labels: tuple[str, ...], value: float) -> None:
        """Set a gauge. It stays until `remove`: what a gauge says may be old and still true."""
        with self.lock:
            (self._cells[family].get(labels) or self._open(family, labels)).value = value

    def remove(self, family: Family, labels: tuple[str, ...]) -> None:
        """Take away a series, such as a gauge of something that is no more."""
        with self.lock:
            if self._cells[family].pop(labels, None) is not None:
                self._release(set(zip(family.labels, labels, strict=True)))

    def replace(self, family: Family, rows: Mapping[tuple[str, ...], float]) -> None:
        """Set all series of a gauge; others of it are removed."""
        with self.lock:
            for labels in [labels for labels in self._cells[family] if labels not in rows]:
                self.remove(family, labels)
            for labels, value in rows.items():
                self.put(family, labels, value)

    def start(self, family: Family, labels: tuple[str, ...]) -> None:
        """Have a series from the beginning, at 0 and for ever."""
        with self.lock:
            cell = self._cells[family].get(labels) or self._open(family, labels)
            cell.pinned = True

    def admitted(self, family: Family, labels: tuple[str, ...]) -> tuple[str, ...]:
        """Return the labels under which a series is shown: gauges that are sums must be summed by these."""
        with self.lock:
            return self._limits.admit(family, labels)

    def pin(self, families: Iterable[Family]) -> None:
        """Start every counter and histogram all of whose label values are known: closed sets and configured ones."""
        with self.lock:
            self._pinned += [f for f in families if f.kind is not Kind.GAUGE and f not in self._pinned]
            for family in self._pinned:
                for labels in self._limits.known(family):
                    self.start(family, labels)

    def configure(self, allowances: Mapping[str, Allowance], *, idle_after: float = DAY, series: int = SERIES) -> None:
        """Take other limits; counters stay."""
        with self.lock:
            self.idle_after, self.series = idle_after, series
            in_use = {pair for family, cells in self._cells.items() for key in cells for pair in _pairs(family, key)}
            self._limits.configure(allowances, sorted(in_use))
            self.generation += 1
            self.pin(())

    def tick(self) -> float:
        """Look at the clock; what happens until the next look is of this moment."""
        self.now = self._clock()
        return self.now

    def sweep(self) -> None:
        """Drop what has been idle for too long, one series at a time, and let others have its place."""
        with self.lock:
            before = self.tick() - self.idle_after
            gone: set[tuple[str, str]] = set()
            for family, cells in self._cells.items():
                if family.kind is Kind.GAUGE:
                    continue
                for labels in [key for key, cell in cells.items() if cell.touched < before and not cell.pinned]:
                    del cells[labels]
                    gone.update(_pairs(family, labels))
            self._release(gone)

    def read(self) -> Snapshot:
        """Return a copy of everything, after a sweep."""
        with self.lock:
            self.sweep()
            return Snapshot({family: _rows(family, cells) for family, cells in self._cells.items() if cells})

    def overflow(self) -> tuple[tuple[tuple[str, ...], float], ...]:
        """Return by label how many values became `other`."""
        with self.lock:
            return tuple(((row["label"],), count) for row, count in self._limits.rows())

    def value(self, family: Family, labels: tuple[str, ...]) -> float:
        """Return a counter's or gauge's value, a histogram's count; 0 when there is no such series."""
        with self.lock:
            cell = self._cells[family].get(labels)
            return 0.0 if cell is None else sum(cell.counts) if isinstance(cell, HistogramCell) else cell.value

    def export(self) -> dict[str, Any]:
        """Return the content as plain data; exemplars are left out."""
        with self.lock:
            return {
                family.name: [[list(labels), _plain(cell)] for labels, cell in cells.items()]
                for family, cells in self._cells.items()
                if cells
            }

    def restore(self, data: Mapping[str, Any]) -> int:
        """Take what `export` returned; return how many series were left out because their family has changed."""
        left_out = 0
        with self.lock:
            by_name = {family.name: family for family in self._cells}
            for name, rows in data.items():
                family = by_name.get(name)
                for labels, content in rows:
                    left_out += not (family is not None and self._restore(family, tuple(labels), content))
        return left_out

    def _restore(self, family: Family, labels: tuple[str, ...], content: Any) -> bool:
        if len(labels) != len(family.labels) or isinstance(content, dict) != (family.kind is Kind.HISTOGRAM):
            return False
        if isinstance(content, dict) and content["bounds"] != list(family.bounds):
            return False
        cell = self._cells[family].get(labels) or self._open(family, labels)
        if isinstance(cell, HistogramCell):
            cell.counts = [had + more for had, more in zip(cell.counts, content["counts"], strict=True)]
            cell.total += content["sum"]
        elif family.kind is Kind.GAUGE:
            cell.value = content
        else:
            cell.value += content
        return True

    def _open(self, family: Family, labels: tuple[str, ...]) -> Any:
        cells = self._cells[family]
        admitted = self._limits.admit(family, labels)
        cell = cells.get(admitted)
        if cell is None and len(cells) >= self.series:
            admitted = self._limits.folded(family, admitted)
            cell = cells.get(admitted)
        if cell is None:
            histogram = family.kind is Kind.HISTOGRAM
            cell = cells[admitted] = HistogramCell(self.now, family.bounds) if histogram else Cell(self.now)
        return cell

    def _release(self, gone: set[tuple[str, str]]) -> None:
        """Give the places of label values back that no series has any more."""
        if gone:
            self.generation += 1
            left = {pair for family, cells in self._cells.items() for key in cells for pair in _pairs(family, key)}
            for label, value in gone - left:
                self._limits.forget(label, value)


def _pairs(family: Family, labels: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    return ((n, v) for n, v in zip(family.labels, labels, strict=True) if n not in family.closed)


def _rows(family: Family, cells: dict[tuple[str, ...], Any]) -> tuple[Any, ...]:
    if family.kind is Kind.HISTOGRAM:
        return tuple(
            HistogramRow(labels, tuple(c.counts), c.total, tuple(c.exemplars or ())) for labels, c in cells.items()
        )
    return tuple((labels, cell.value) for labels, cell in cells.items())


def _plain(cell: Any) -> Any:
    if isinstance(cell, HistogramCell):
        return {"bounds": list(cell.bounds), "counts": list(cell.counts), "sum": cell.total}
    return cell.value
