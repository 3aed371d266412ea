"""Freshness: the share of time in which a timestamp was no older than a limit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill.decimals import literal
from watchbill.durations import MINUTE, SECOND, format_duration
from watchbill.fields import Duration, SelectorField
from watchbill.kinds.slis.base import Input, TileContext, Tiles
from watchbill.kinds.slis.exposition import pinned, series
from watchbill.kinds.slis.sampled import SampledSli
from watchbill.kinds.slis.views import View, chosen, grouped, legend, limit
from watchbill.model import Check, Measure, Query, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.history import History
    from watchbill.kinds.slis.looks import Sight
    from watchbill.model import Panel, Series

LOOKBACK = 5 * MINUTE
"""For how long after its last sample an instant selector still sees a series."""


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

    def detail(self, view: View) -> tuple[Panel, ...]:
        """The age, with its limit."""
        age = f"time() - {grouped('min', self, chosen(self, self.timestamp))}"
        at = self.no_older_than / SECOND
        about = f"How old the newest result is; stale from {format_duration(self.no_older_than)} on. The oldest counts."
        return (
            replace(
                view.level("age", "Age and its limit", about),
                queries=(Query("age", age, legend(self.group_names) or "age"), limit(literal(at), "limit")),
                measure=Measure.SECONDS,
                thresholds=(Threshold(None, State.GOOD), Threshold(at, State.BAD)),
                least=0,
            ),
        )

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """A timestamp as old as it may be, or a second older; the last one before a gap is newer by the lookback."""
        selector = self.narrowed(self.timestamp)
        labels = selector.example(fixed=pinned(selector, group))
        if labels is None:
            return None
        whole = history.step % SECOND == 0  # else the age is no exact number of seconds
        shown: list[float | None] = []
        for i, (n, e) in enumerate(zip(history.events, history.errors, strict=True)):
            last = i + 1 == len(history.events) or history.events[i + 1] is None
            age = self.no_older_than + SECOND if e else self.no_older_than
            if not e and (last or not whole):
                age = max(0, age - LOOKBACK)
            shown.append(None if n is None else (i * history.step - age) / SECOND)
        return (series(selector, labels, shown),)
