"""What the feeds of one exporter share: the tally, the state, and who has the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.memory.keeper import Keeper
from watchbill_exporters.core.memory.tally.snapshot import Snapshot
from watchbill_exporters.core.memory.tally.store import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchbill_exporters.core.memory.catalogue import Catalogue

EMPTY = Snapshot({})


class Hub:
    """One for each exporter. A feed enters when it connects and leaves when it closes."""

    def __init__(self, catalogue: Catalogue, tally: Tally | None = None) -> None:
        self.catalogue = catalogue
        self.tally = tally or Tally(catalogue.families)
        self.keeper = Keeper(self.tally, catalogue)
        self._feeds: list[object] = []
        self._before: list[Callable[[], None]] = []

    def enter(self, feed: object, before_read: Callable[[], None] | None = None) -> None:
        """Take part; `before_read` is called before each reading of the tally, to set gauges."""
        self._feeds.append(feed)
        if before_read is not None:
            self.before(before_read)

    def before(self, read: Callable[[], None]) -> None:
        """Call this before each reading of the tally, with its lock held; for those who are no feed."""
        self._before.append(read)

    def no_more(self, read: Callable[[], None]) -> None:
        """Do not call it any more."""
        self._before.remove(read)

    def leave(self, feed: object, before_read: Callable[[], None] | None = None) -> None:
        self._feeds.remove(feed)
        if before_read is not None:
            self.no_more(before_read)

    def read(self, feed: object) -> Snapshot:
        """Return everything to the feed that entered first, nothing to others: a series may be on a page once."""
        if not self._feeds or self._feeds[0] is not feed:
            return EMPTY
        with self.tally.lock:
            for refresh in tuple(self._before):
                refresh()
            return Snapshot({**self.tally.read().rows, self.catalogue.overflow: self.tally.overflow()})
