"""The one place where limits are switched: takes notices, keeps what holds, counts. Any thread may call it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core import log
from watchbill_exporters.limits import catalogue as names
from watchbill_exporters.limits.active import Active, Change, swept, told
from watchbill_exporters.limits.catalogue import ANSWERS, Fault, Name, Refused, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from watchbill_exporters.limits.declared import Declaration
    from watchbill_exporters.limits.store import Store
    from watchbill_exporters.limits.webhook import Notice

_log = log.logger(__name__)
BECAME = {"begun": names.BEGUN, "renewed": names.RENEWED, "lifted": names.LIFTED}
Count = tuple[Name, tuple[str, ...]]


@dataclass(frozen=True)
class Snapshot:
    """What the page shows."""

    counts: tuple[tuple[Count, float], ...]
    active: tuple[tuple[str, int], ...]
    expiry: tuple[tuple[str, float], ...]
    told_at: float | None
    written_at: float | None


class Desk:
    """`now` is this host's clock; leases run by it, whatever the senders' say."""

    def __init__(self, store: Store, declared: Declaration, most: int, skew: float, now: Callable[[], float]) -> None:
        self._store, self._now = store, now
        self._lock = threading.Lock()
        self._counts: Counter[Count] = Counter()
        self._told_at: float | None = None
        self._written_at: float | None = None
        self._unwritten = False
        self.declared, self.most, self.skew = declared, most, skew
        self._active = store.load()
        self.adopt(declared, most, skew)

    def adopt(self, declared: Declaration, most: int, skew: float) -> None:
        """Go on under another file: limits that it has no more end."""
        with self._lock:
            self.declared, self.most, self.skew = declared, most, skew
            for limit in declared.by_id:
                for name in (names.BEGUN, names.RENEWED, names.LIFTED, names.EXPIRED):
                    self._counts[name, (limit,)] += 0
            for name, words in (
                (names.RECEIVED, Status), (names.REFUSED, Refused), (names.FAULTS, Fault), (names.ASKED, ANSWERS)
            ):  # fmt: skip
                for word in words:
                    self._counts[name, (str(word),)] += 0
            self._sweep()

    def take(self, notices: Iterable[Notice]) -> list[Change]:
        """Act upon notices. Raises OSError where that could not be written; it holds in memory all the same."""
        listed = list(notices)
        with self._lock:
            self._sweep()
            now = self._told_at = self._now()
            for one in listed:
                self._counts[names.RECEIVED, (str(one.status),)] += 1
            if any(one.started > now + self.skew for one in listed):
                self._counts[names.FAULTS, (str(Fault.CLOCK),)] += 1
                _log.warning("the clock of Alertmanager or Prometheus is ahead of ours")
            self._active, changes = told(self._active, listed, self.declared, now, self.most)
            for change in changes:
                self._count(change)
            self._write(always=bool(listed))
        return changes

    def _count(self, change: Change) -> None:
        if change.refused is not None:
            self._counts[names.REFUSED, (str(change.refused),)] += 1
            _log.warning("alert not acted upon", limit=change.limit[:120], reason=str(change.refused))
        elif change.became:
            self._counts[BECAME[change.became], (change.limit,)] += 1
            if change.became != "renewed":
                _log.info(f"limit {change.became}", limit=change.limit)

    def fault(self, fault: Fault) -> None:
        """Count a notification that something was wrong with."""
        with self._lock:
            self._counts[names.FAULTS, (str(fault),)] += 1

    def asked(self, code: int) -> None:
        """Count an answer to a harness."""
        with self._lock:
            self._counts[names.ASKED, (str(code),)] += 1

    def active(self) -> tuple[Active, float]:
        """Return what holds now, and the time."""
        with self._lock:
            self._sweep()
            return self._active, self._now()

    def snapshot(self) -> Snapshot:
        """Return what the page shows."""
        with self._lock:
            self._sweep()
            active: Counter[str] = Counter(dict.fromkeys(self.declared.by_id, 0))
            expiry: dict[str, float] = {}
            for (limit, _), one in self._active.holding.items():
                active[limit] += 1
                expiry[limit] = min(one.expires, expiry.get(limit, one.expires))
            counts = tuple((key, float(n)) for key, n in self._counts.items())
            return Snapshot(counts, tuple(active.items()), tuple(expiry.items()), self._told_at, self._written_at)

    def close(self) -> None:
        """Let go of the file; what holds is in it."""
        self._store.close()

    def _sweep(self) -> None:
        self._active, gone = swept(self._active, self.declared, self._now())
        for limit in gone:
            self._counts[names.EXPIRED, (limit,)] += 1
            _log.info("limit ran out", limit=limit)

    def _write(self, *, always: bool) -> None:
        if not always and not self._unwritten:
            return
        try:
            self._store.save(self._active)
        except OSError as error:
            self._unwritten = True
            self._counts[names.FAULTS, (str(Fault.STATE),)] += 1
            _log.error("state not written; limits hold in memory", error=error.strerror or str(error))
            raise
        self._unwritten, self._written_at = False, self._now()
