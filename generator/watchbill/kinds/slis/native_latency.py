"""Latency on native histograms: any threshold, interpolated inside one bucket of the histogram's resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from watchbill.decimals import literal
from watchbill.durations import SECOND
from watchbill.fields import Duration, SelectorField
from watchbill.kinds.slis.base import CounterSli, Input, TileContext, Tiles, less_good
from watchbill.kinds.slis.exposition import pinned
from watchbill.kinds.slis.latency import quantile
from watchbill.kinds.slis.views import RATE, View, chosen, heatmap, quantiles
from watchbill.model import Measure, Panel, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.history import History
    from watchbill.kinds.slis.looks import Sight
    from watchbill.model import Check

NOISE = 0.001
"""Events: a fraction times the count is a good many rounded, and may be less than before where nothing good came."""


class NativeLatency(CounterSli):
    """Events within a threshold, from a native histogram (targets from Prometheus 3.0 on)."""

    needs: ClassVar[tuple[str, ...]] = ("native_histograms",)

    kind: Literal["native-latency"]
    histogram: SelectorField = Field(description="The native histogram.")
    within: Duration = Field(description="An event is good if it took at most this long.")
    unit: Literal["seconds", "milliseconds"] = Field(default="seconds", description="Unit of the histogram's values.")

    @property
    def slow_from(self) -> int:
        """The threshold."""
        return self.within

    def inputs(self) -> tuple[Input, ...]:
        """The histogram."""
        return (Input("histogram", self.histogram, "histogram"),)

    def looks(self, sight: Sight) -> Iterator[Check]:
        """The quantile the objective is about."""
        yield quantile(sight, f"sum(rate({sight.on(self.histogram)}[{sight.over}]))", self.within)
        yield from super().looks(sight)

    def tiles(self, context: TileContext) -> Tiles:
        """`histogram_count` and count x fraction are float counters, so they tile like any other.

        An empty histogram's fraction is NaN: `>= 0` drops it, and the first events count in full as a new label set.
        Where only bad events come, the product falls by some 2^-50 of itself: taken for a reset, all good events
        there ever were would hide the bad ones.
        """
        threshold = literal(self.within / (SECOND if self.unit == "seconds" else 1))
        events = self.counter_tile(self.histogram, context, "histogram_count({0})")
        reader = f"(histogram_fraction(-Inf, {threshold}, {{0}}) * histogram_count({{0}}) >= 0)"
        good = self.counter_tile(self.histogram, context, reader, NOISE)
        return Tiles(events, less_good(events, good, context.zero))

    def detail(self, view: View) -> tuple[Panel, ...]:
        """Quantiles and a heatmap."""
        milliseconds = self.unit == "milliseconds"
        unit = Measure.MILLISECONDS if milliseconds else Measure.SECONDS
        threshold = self.within / (1 if milliseconds else SECOND)
        shown = chosen(self, self.histogram)
        return (
            quantiles(view, shown, (), threshold, unit),
            heatmap(view, f"sum(rate({shown}{RATE}))", threshold, unit),
        )

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """A histogram of schema 0 whose buckets lie wholly below or above the threshold."""
        selector = self.narrowed(self.histogram)
        fixed = pinned(selector, group)
        labels = selector.example(fixed=fixed)
        threshold = self.within / (SECOND if self.unit == "seconds" else 1)
        if labels is None or threshold < 1e-6:
            return None
        events, _, good = history.counters()
        low = _bucket(threshold / 8)
        high = _bucket(threshold * 8)
        shown = " ".join(_sample(n, g, low, high) for n, g in zip(events, good, strict=True))
        histogram = Series(selector.metric, tuple(sorted(labels.items())), shown)
        return self.exposed(selector, history, group, (histogram,))


def _bucket(value: float) -> int:
    """Return the schema 0 index of the bucket (2^(i-1), 2^i] that holds `value`."""
    index = 0
    while 2.0**index < value:
        index += 1
    while 2.0 ** (index - 1) >= value:
        index -= 1
    return index


def _sample(total: float | None, good: float | None, low: int, high: int) -> str:
    if total is None:
        return "_"
    good = good or 0.0
    middle = " ".join("0" for _ in range(high - low - 1))
    buckets = f"{int(good)} {middle} {int(total - good)}".replace("  ", " ")
    return f"{{{{schema:0 sum:{int(total)} count:{int(total)} offset:{low} buckets:[{buckets}]}}}}"
