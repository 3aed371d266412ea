"""Availability: the share of scrapes at which a 0/1 gauge was 1."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from watchbill.durations import offset, tiles_range
from watchbill.fields import SelectorField
from watchbill.kinds.slis.base import Input, Sli, TileContext, Tiles
from watchbill.kinds.slis.exposition import pinned, series
from watchbill.kinds.slis.history import History, Truth
from watchbill.kinds.slis.views import View, chosen, grouped, legend
from watchbill.model import Check, Form, Meaning, Measure, Panel, Query, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.looks import Sight
    from watchbill.model import Series

_STATES = (Meaning("down", State.BAD, None, 0), Meaning("in part", State.WARNING, 0.000001, 0.999999))


class Availability(Sli):
    """A gauge that is 1 while all is well and 0 while it is not (`up`, `probe_success`); each scrape is one event."""

    samples_slots: ClassVar[bool] = True

    kind: Literal["availability"]
    gauge: SelectorField = Field(description="The gauge: 1 is available, 0 is not; values between count in part.")

    def inputs(self) -> tuple[Input, ...]:
        """The gauge."""
        return (Input("gauge", self.gauge, "gauge"),)

    def looks(self, sight: Sight) -> Iterator[Check]:
        """The gauge itself, averaged over the last minutes."""
        expect = f"1: available at every scrape of the last {sight.over}; 0: at none"
        yield Check(
            "causes", "Who is unavailable?", f"sort(avg_over_time({sight.on(self.gauge)}[{sight.over}]))", expect
        )
        yield from super().looks(sight)

    def tiles(self, context: TileContext) -> Tiles:
        """Every scrape is counted once: no outage falls between two evaluations."""
        window = f"[{tiles_range(context.interval, left_open=context.left_open)}]{offset(context.settle)}"
        seen = f"count_over_time({self.narrowed(self.gauge)}{window})"
        well = f"sum_over_time({self.narrowed(self.gauge)}{window})"
        events = self.aggregate(seen)
        errors = self.aggregate(f"clamp_min({seen} - {well}, 0)")
        return Tiles(events, errors)

    def expected_slots(self, interval: int, tile: int, scrape: int) -> float:
        """One per scrape."""
        del tile
        return interval / scrape

    def detail(self, view: View) -> tuple[Panel, ...]:
        """The gauge itself: up or down."""
        worst = grouped("min", self, chosen(self, self.gauge))
        about = "The gauge that is judged at each scrape; of several series in a group the worst."
        return (
            replace(
                view.level("gauge", "Up or down", about, Form.STATES),
                queries=(Query("gauge", worst, legend(self.group_names) or self.gauge.metric),),
                measure=Measure.STATE,
                thresholds=(Threshold(None, State.BAD), Threshold(0.000001, State.WARNING), Threshold(1, State.GOOD)),
                meanings=(*_STATES, Meaning("up", State.GOOD, 1, 1)),
            ),
        )

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """One gauge."""
        selector = self.narrowed(self.gauge)
        labels = selector.example(fixed=pinned(selector, group))
        if labels is None:
            return None
        shown = [None if n is None else 1.0 - e for n, e in zip(history.events, history.errors, strict=True)]
        return (series(selector, labels, shown),)

    def truth(self, history: History, context: TileContext, at: int) -> Truth | None:
        """Scrapes in the tile."""
        inside = history.samples(at - context.settle - context.interval, at - context.settle)
        seen = [i for i in inside if history.events[i] is not None]
        return Truth(len(seen), sum(history.errors[i] for i in seen)) if seen else None
