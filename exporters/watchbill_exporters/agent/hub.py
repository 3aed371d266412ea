"""What the feeds of the agent exporter share: the tally, who listens, and who has the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import FAMILIES
from watchbill_exporters.agent.state.keeper import Keeper
from watchbill_exporters.agent.tally.snapshot import Snapshot
from watchbill_exporters.agent.tally.store import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchbill_exporters.agent.listeners import RunListener, SpanListener

EMPTY = Snapshot({})


class Hub:
    """One for each exporter. A feed enters when it connects and leaves when it closes."""

    def __init__(self, tally: Tally | None = None) -> None:
        self.tally = tally or Tally(FAMILIES)
        self.keeper = Keeper(self.tally, FAMILIES)
        self.run_listeners: list[RunListener] = []
        self.span_listeners: list[SpanListener] = []
        self._feeds: list[object] = []
        self._before: list[Callable[[], None]] = []

    def enter(self, feed: object, before_read: Callable[[], None] | None = None) -> None:
        """Take part; `before_read` is called before each reading of the tally, to set gauges."""
        self._feeds.append(feed)
        if before_read is not None:
            self._before.append(before_read)

    def leave(self, feed: object, before_read: Callable[[], None] | None = None) -> None:
        self._feeds.remove(feed)
        if before_read is not None:
            self._before.remove(before_read)

    def read(self, feed: object) -> Snapshot:
        """Return everything to the feed that entered first, nothing to others: a series may be on a page once."""
        if not self._feeds or self._feeds[0] is not feed:
            return EMPTY
        with self.tally.lock:
            for refresh in tuple(self._before):
                refresh()
            return self.tally.read()
