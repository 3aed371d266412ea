"""Latency: events that took longer than a threshold, from a classic histogram whose bounds are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from watchbill.decimals import literal, percent
from watchbill.diagnostics import Code
from watchbill.durations import SECOND, format_duration
from watchbill.fields import Duration, Positive, SelectorField, invalid
from watchbill.kinds.slis.base import CounterSli, Input, TileContext, Tiles, less_good
from watchbill.kinds.slis.exposition import counter_series, pinned
from watchbill.kinds.slis.views import RATE, View, causes, chosen, heatmap, quantiles
from watchbill.model import Check, Measure
from watchbill.promql import Matcher, Op, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.history import History
    from watchbill.kinds.slis.looks import Sight
    from watchbill.model import Panel, Series

NOT_A_BOUND = Code(
    "WB122",
    "Latency threshold is no bucket bound",
    "A classic histogram only knows counts at its bounds. Between two bounds a ratio would be interpolated: made up.",
    "Choose one of the bounds, or add the bound to the histogram; list the histogram's own bounds in `bounds:`.",
)
SUFFIX = Code(
    "WB123",
    "Histogram named by one of its series",
    "A histogram's name carries no suffix; the generator reads its _bucket and _count series.",
    "Drop the suffix _bucket, _count or _sum from the name.",
)

PROMETHEUS_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
GENAI_BOUNDS = tuple(round(0.01 * 2**i, 2) for i in range(14))
"""OpenTelemetry GenAI's advised bounds: 0.01 doubling to 81.92 s."""


def known_bounds(metric: str) -> tuple[float, ...]:
    """Return the bounds, seconds, that the metric's convention gives it; empty where none is known."""
    if metric.startswith(("agent_", "gen_ai_client_", "gen_ai_execute_tool_")) and metric.endswith("_seconds"):
        return GENAI_BOUNDS
    return ()


def bound_spellings(bound: float) -> tuple[str, ...]:
    """Return how clients spell a bound in `le`: Go's shortest form, and the float form Prometheus 3 rewrites to."""
    plain = literal(bound)
    shortest = f"{bound:.10g}".replace("e+0", "e+0") if 1e-5 <= bound < 1e21 else f"{bound:g}"
    with_point = plain if "." in plain else f"{plain}.0"
    return tuple(dict.fromkeys((plain, with_point, shortest)))


def quantile(sight: Sight, histogram: str, within: int) -> Check:
    """Return the check of the quantile that the objective bounds."""
    return Check(
        "quantile",
        f"How slow is it? The {percent(sight.objective)} quantile",
        f"histogram_quantile({literal(sight.objective)}, {histogram})",
        f"seconds (or the histogram's own unit); above {format_duration(within)} the objective is missed right now. "
        "NaN or no result: no events",
    )


class Latency(CounterSli):
    """Events within a threshold: `histogram` names a classic histogram, `within` one of its bounds."""

    kind: Literal["latency"]
    histogram: SelectorField = Field(description="The histogram, without _bucket or _count.")
    within: Duration = Field(description="An event is good if it took at most this long; must be a bucket bound.")
    bounds: tuple[Positive, ...] = Field(default=(), description="The histogram's bounds in its own unit.")
    unit: Literal["seconds", "milliseconds"] = Field(default="seconds", description="Unit of the histogram's values.")

    @model_validator(mode="after")
    def _checked(self) -> Latency:
        metric = self.histogram.metric
        for suffix in ("_bucket", "_count", "_sum"):
            if metric.endswith(suffix):
                raise invalid(SUFFIX, f"'{metric}' is a series of a histogram", f"write {metric.removesuffix(suffix)}")
        bounds = self.bounds or known_bounds(metric)
        if bounds and not any(abs(b - self.threshold) <= 1e-9 * self.threshold for b in bounds):
            near = ", ".join(literal(b) for b in sorted(sorted(bounds, key=lambda b: abs(b - self.threshold))[:3]))
            text = f"{format_duration(self.within)} is no bound of {metric}"
            raise invalid(NOT_A_BOUND, text, f"nearest bounds ({self.unit}): {near}")
        return self

    @property
    def threshold(self) -> float:
        """The threshold in the histogram's unit."""
        return self.within / (SECOND if self.unit == "seconds" else 1)

    @property
    def count(self) -> Selector:
        """Selector of the histogram's event counter."""
        return self.histogram.named(f"{self.histogram.metric}_count")

    @property
    def fast_enough(self) -> Selector:
        """Selector of the bucket that counts good events, in either spelling of `le`."""
        spellings = "|".join(s.replace(".", "\\.").replace("+", "\\+") for s in bound_spellings(self.threshold))
        bucket = self.histogram.named(f"{self.histogram.metric}_bucket")
        return bucket.where([Matcher("le", Op.RE, spellings)])

    @property
    def slow_from(self) -> int:
        """The threshold."""
        return self.within

    def inputs(self) -> tuple[Input, ...]:
        """The histogram, by its counter and its bucket."""
        return (Input("histogram", self.count, "counter"), Input("histogram", self.fast_enough, "counter"))

    def looks(self, sight: Sight) -> Iterator[Check]:
        """The quantile the objective is about, and where the slow ones are, if the spec names causes."""
        bucket = sight.on(self.histogram.named(f"{self.histogram.metric}_bucket"))
        yield quantile(sight, f"sum by (le) (rate({bucket}[{sight.over}]))", self.within)
        if sight.causes:
            by = f"sum by ({', '.join(sight.causes)})"
            all_of, fast = (f"increase({sight.on(s)}[{sight.over}])" for s in (self.count, self.fast_enough))
            expect = f"slow events of the last {sight.over}, most first"
            yield Check(
                "causes",
                f"Which are slow? By {', '.join(sight.causes)}",
                f"sort_desc({by} ({all_of})\n- {by} ({fast}))",
                expect,
            )
        yield from super().looks(sight)

    def tiles(self, context: TileContext) -> Tiles:
        """Errors are all events less those in the bucket of the threshold."""
        events = self.counter_tile(self.count, context)
        good = self.counter_tile(self.fast_enough, context)
        return Tiles(events, less_good(events, good, context.zero))

    def detail(self, view: View) -> tuple[Panel, ...]:
        """Quantiles and a heatmap of the buckets; what is too slow by label, where the spec names labels."""
        unit = Measure.SECONDS if self.unit == "seconds" else Measure.MILLISECONDS
        buckets = chosen(self, self.histogram.named(f"{self.histogram.metric}_bucket"))
        total, fast = (f"sum by ({{label}}) (rate({chosen(self, s)}{RATE}))" for s in (self.count, self.fast_enough))
        return (
            quantiles(view, buckets, ("le",), self.threshold, unit),
            heatmap(view, f"sum by (le) (rate({buckets}{RATE}))", self.threshold, unit),
            *causes(view, view.causes or (), f"{total} - ({fast} or {total} * 0) > 0", "Slow events"),
        )

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """Series of the count and of the bucket."""
        count, bucket = self.narrowed(self.count), self.narrowed(self.fast_enough)
        counters = counter_series(history, count, bucket, pinned(count, group), bad=False)
        return self.exposed(count, history, group, counters)
