"""Freshness: the share of time in which a timestamp was no older than a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill.decimals import literal
from watchbill.durations import SECOND, format_duration
from watchbill.fields import Duration, SelectorField
from watchbill.kinds.slis.base import Input, TileContext, Tiles
from watchbill.kinds.slis.exposition import pinned, series
from watchbill.kinds.slis.sampled import SampledSli
from watchbill.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.history import History
    from watchbill.kinds.slis.looks import Sight
    from watchbill.model import Series


class Freshness(SampledSli):
    """A gauge holding a Unix time in seconds; bad while it is older than `no_older_than`."""

    kind: Literal["freshness"]
    timestamp: SelectorField = Field(description="Gauge with the Unix time, seconds, of the newest result.")
    no_older_than: Duration = Field(description="The age from which on the result is stale.")

    def inputs(self) -> tuple[Input, ...]:
        """The timestamp."""
        return (Input("timestamp", self.timestamp, "gauge"),)

    def looks(self, sight: Sight) -> Iterator[Check]:
        """How old the newest result is."""
        limit = literal(self.no_older_than / SECOND)
        expect = f"seconds, oldest first; above {limit} ({format_duration(self.no_older_than)}) it is too old"
        yield Check("causes", "How old is it?", f"sort_desc(time() - {sight.on(self.timestamp)})", expect)
        yield from super().looks(sight)

    def tiles(self, context: TileContext) -> Tiles:
        """Each series is one event per evaluation, bad while too old."""
        shown = str(self.narrowed(self.timestamp))
        return self.sampled_tiles(shown, f"time() - {shown} > {literal(self.no_older_than / SECOND)}", context)

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """A timestamp that is the sample's own time while fresh, and twice the limit older while stale."""
        selector = self.narrowed(self.timestamp)
        labels = selector.example(fixed=pinned(selector, group))
        if labels is None:
            return None
        shown = [
            None if n is None else (i * history.step - (2 * self.no_older_than if e else 0)) / SECOND
            for i, (n, e) in enumerate(zip(history.events, history.errors, strict=True))
        ]
        return (series(selector, labels, shown),)
