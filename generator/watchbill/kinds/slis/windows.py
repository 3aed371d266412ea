"""Windows: "every minute in which p95 < x": the share of evaluations at which a condition held."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from watchbill import promql
from watchbill.decimals import literal
from watchbill.diagnostics import Code
from watchbill.durations import MINUTE, format_duration
from watchbill.fields import BAD_SELECTOR, Duration, Section, SelectorField, invalid
from watchbill.kinds.slis.base import Input, TileContext, Tiles
from watchbill.kinds.slis.exposition import pinned, series
from watchbill.kinds.slis.history import Truth
from watchbill.kinds.slis.quantiles import Judged
from watchbill.kinds.slis.sampled import SampledSli
from watchbill.kinds.slis.views import View, chosen, legend, limit
from watchbill.model import Check, Measure, Query, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.history import History
    from watchbill.kinds.slis.looks import Sight
    from watchbill.model import Panel, Series
    from watchbill.promql import Matcher, Selector

WINDOW_SOURCE = Code(
    "WB124",
    "Window condition needs one source",
    "A window is judged by one number: a gauge, a quantile of a histogram, or a query.",
    "Give one of `gauge`, `quantile` or `query`.",
)
BAD_CONDITION = Code(
    "WB125",
    "Not a condition",
    "A window is good while its number satisfies a comparison.",
    'Write a comparison with a number: good: "< 2.5".',
)
BAD_QUERY = Code(
    "WB126",
    "Query cannot be used",
    "Queries are parsed before they are placed into rules; the window they use is set by the rules.",
    "Write one PromQL expression whose ranges are [{window}], aggregated by the labels in `by`.",
)
CODES = (WINDOW_SOURCE, BAD_CONDITION, BAD_QUERY)

_CONDITION = re.compile(r"\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*", re.ASCII)


def placed(query: str, window: int) -> str:
    """Return the query with `{window}` filled in. Raises PromqlError where that is no PromQL."""
    text = query.replace("{window}", format_duration(window))
    if not promql.is_vector(promql.parse(text)):
        message = f"{text[:60]!r} gives a number or a range; rules need an instant vector"
        raise promql.PromqlError(message)
    return text.strip()


class Quantile(Section):
    """A quantile of a classic histogram over the window."""

    of: SelectorField = Field(description="The histogram, without _bucket.")
    q: float = Field(gt=0, lt=1, description="The quantile, 0..1: 0.95.")


class Windows(SampledSli):
    """One number per window and label set, and the condition under which the window is good."""

    kind: Literal["windows"]
    good: str = Field(description='The condition of a good window: "< 2.5".')
    each: Duration = Field(default=MINUTE, description="Length of a window, for a quantile or a query.")
    gauge: SelectorField | None = Field(default=None, description="A gauge; its value at each evaluation is judged.")
    quantile: Quantile | None = Field(default=None, description="A quantile of a histogram over the window.")
    query: str | None = Field(default=None, description="PromQL with [{window}] as its range: the escape hatch.")

    @model_validator(mode="after")
    def _checked(self) -> Windows:
        if sum(source is not None for source in (self.gauge, self.quantile, self.query)) != 1:
            raise invalid(WINDOW_SOURCE, "give exactly one of 'gauge', 'quantile' and 'query'")
        if not _CONDITION.fullmatch(self.good):
            raise invalid(BAD_CONDITION, f"{self.good[:60]!r} is not a comparison with a number")
        if self.query is not None:
            try:
                expr = promql.parse(placed(self.query, self.each))
            except promql.PromqlError as exc:
                raise invalid(BAD_QUERY, str(exc)) from None
            labels = promql.outer_labels(expr)
            if labels is not None and not set(self.group_names) <= set(labels):
                missing = ", ".join(sorted(set(self.group_names) - set(labels)))
                raise invalid(BAD_QUERY, f"the query's result has no label {missing} to keep the objective by")
        elif self.quantile is not None and self.quantile.of.metric.endswith(("_bucket", "_count", "_sum")):
            raise invalid(BAD_SELECTOR, "name the histogram without its suffix")
        return self

    def inputs(self) -> tuple[Input, ...]:
        """The gauge or the histogram's buckets; nothing for a query, whose selectors lint reads itself."""
        if self.gauge is not None:
            return (Input("gauge", self.gauge, "gauge"),)
        if self.quantile is not None:
            return (Input("quantile", self.quantile.of.named(f"{self.quantile.of.metric}_bucket"), "counter"),)
        return ()

    def looks(self, sight: Sight) -> Iterator[Check]:
        """The number that is judged."""
        expect = f"{self.good.strip()} is good; each evaluation at which it is not is an error"
        yield Check("causes", "What is the number now?", self.number(sight.group), expect)
        yield from super().looks(sight)

    def number(self, group: tuple[Matcher, ...] = ()) -> str:
        """Return the PromQL that judges a window, for a group only if one is given."""
        window = format_duration(self.each)
        if self.gauge is not None:
            return str(self._of(self.gauge, group))
        if self.quantile is not None:
            bucket = self._of(self.quantile.of.named(f"{self.quantile.of.metric}_bucket"), group)
            by = ", ".join(("le", *self.group_names))
            return f"histogram_quantile({literal(self.quantile.q)}, sum by ({by}) (rate({bucket}[{window}])))"
        return f"({placed(self.query or '', self.each)})"

    def _of(self, selector: Selector, group: tuple[Matcher, ...]) -> Selector:
        return selector.where(group) if group else self.narrowed(selector)

    def tiles(self, context: TileContext) -> Tiles:
        """A window without data (NaN) is no event; `x == x` drops it."""
        number = self.number()
        return self.sampled_tiles(f"{number} == {number}", f"{number} {self._violation()}", context)

    def _violation(self) -> str:
        operator, number = self._condition()
        opposite = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[operator]
        return f"{opposite} {literal(float(number))}"

    def _condition(self) -> tuple[str, str]:
        match = _CONDITION.fullmatch(self.good)
        if match is None:
            raise AssertionError(BAD_CONDITION.title)
        return match[1], match[2]

    def detail(self, view: View) -> tuple[Panel, ...]:
        """The number that is judged, with its limit."""
        operator, text = self._condition()
        at = float(text)
        below, above = (State.GOOD, State.BAD) if operator.startswith("<") else (State.BAD, State.GOOD)
        source = self.quantile.of if self.quantile is not None else self.gauge
        seconds = source is not None and source.metric.removesuffix("_bucket").endswith("_seconds")
        about = f"What each look judges: a window is good while this is {self.good.strip()}."
        return (
            replace(
                view.level("number", "The number and its limit", about),
                queries=(
                    Query("number", self._shown(), legend(self.group_names) or "number"),
                    limit(literal(at), "limit"),
                ),
                measure=Measure.SECONDS if seconds else Measure.NUMBER,
                thresholds=(Threshold(None, below), Threshold(at, above)),
            ),
        )

    def _shown(self) -> str:
        """Return the number, narrowed by the board's variables where its selectors are known."""
        number = self.number()
        for source in self.inputs():
            number = number.replace(str(self.narrowed(source.selector)), chosen(self, source.selector))
        return number

    @property
    def inertia(self) -> int:
        """A quantile is one of the whole window."""
        return self.each if self.quantile else 0

    def _judged(self) -> Judged | None:
        if self.quantile is None:
            return None
        operator, limit = self._condition()
        bucket = self.narrowed(self.quantile.of.named(f"{self.quantile.of.metric}_bucket"))
        return Judged(bucket, self.quantile.q, float(limit), self.each, low_is_good=operator in {"<", "<="})

    def truth(self, history: History, context: TileContext, at: int) -> Truth | None:
        """What the gauge shows, or the quantile of the window."""
        judged = self._judged()
        if judged is None:
            return super().truth(history, context, at)
        bad = judged.is_bad(history, at)
        return None if bad is None else Truth(float(context.weight), float(context.weight * bad))

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """A gauge or a quantile on either side of the limit; a query is proven from its tiles on."""
        judged = self._judged()
        if judged is not None:
            return judged.raw(history, group)
        if self.gauge is None:
            return None
        selector = self.narrowed(self.gauge)
        labels = selector.example(fixed=pinned(selector, group))
        operator, text = self._condition()
        limit = float(text)
        well, ill = {
            "<": (limit - 1, limit), "<=": (limit, limit + 1), ">": (limit + 1, limit), ">=": (limit, limit - 1),
        }[operator]  # fmt: skip
        if labels is None:
            return None
        shown = [
            None if n is None else (ill if e else well) for n, e in zip(history.events, history.errors, strict=True)
        ]
        return (series(selector, labels, shown),)
