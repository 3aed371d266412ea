"""Label values from outside: an allow-list, then the first so many, then `other`, which is counted."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

OTHER = "other"
LONGEST = 128


class LabelLimit:
    """Admits values of one label. Memory is bounded by `most`, whatever comes in; any thread may call it."""

    def __init__(self, label: str, *, allowed: Collection[str] = (), most: int = 0) -> None:
        self.label, self.most = label, most
        self.overflowed = 0
        self._allowed = frozenset(allowed)
        self._others: set[str] = set()
        self._lock = Lock()

    def admit(self, value: str) -> str:
        """Return the value, or `other` when it is neither allowed nor among the first `most` others."""
        if value in self._allowed or value in self._others:
            return value
        with self._lock:
            if value in self._others:
                return value
            if len(self._others) < self.most and 0 < len(value) <= LONGEST:
                self._others.add(value)
                return value
            self.overflowed += 1
        return OTHER

    def forget(self, value: str) -> None:
        """Give the place of an idle value to the next one; allowed values keep theirs."""
        with self._lock:
            self._others.discard(value)


def overflow_rows(limits: Collection[LabelLimit]) -> list[tuple[Mapping[str, str], float]]:
    """Return the rows of `<prefix>_exporter_label_overflow_total{label}`."""
    return [({"label": limit.label}, float(limit.overflowed)) for limit in limits]
