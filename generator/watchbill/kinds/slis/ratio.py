"""Ratio: bad (or good) events of all events, from counters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from watchbill.diagnostics import Code
from watchbill.fields import SelectorField, invalid
from watchbill.kinds.slis.base import CounterSli, Input, TileContext, Tiles, less_good
from watchbill.kinds.slis.exposition import counter_series, pinned
from watchbill.kinds.slis.looks import by_cause
from watchbill.kinds.slis.views import RATE, View, causes, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.history import History
    from watchbill.kinds.slis.looks import Sight
    from watchbill.model import Check, Panel, Series
    from watchbill.promql import Selector

ONE_OF = Code(
    "WB121",
    "Give bad or good events, and only one of them",
    "Errors are the bad events, or all events less the good ones; both at once could disagree.",
    "Keep `bad:` (cheaper: one series set less is read) or `good:`, and drop the other.",
)


class Ratio(CounterSli):
    """Errors per event: `total` and one of `bad` and `good` select counters."""

    kind: Literal["ratio"]
    total: SelectorField = Field(description="Counter of all events.")
    bad: SelectorField | None = Field(default=None, description="Counter of the bad ones among them.")
    good: SelectorField | None = Field(default=None, description="Counter of the good ones among them.")

    @model_validator(mode="after")
    def _one_of(self) -> Ratio:
        if (self.bad is None) == (self.good is None):
            raise invalid(ONE_OF, "a ratio takes either 'bad' or 'good'" + ("" if self.bad is None else ", not both"))
        return self

    def inputs(self) -> tuple[Input, ...]:
        """Total and bad or good."""
        role = "good" if self.bad is None else "bad"
        return (Input("total", self.total, "counter"), Input(role, self.part, "counter"))

    def looks(self, sight: Sight) -> Iterator[Check]:
        """Errors by the labels that tell bad from good, unless the spec names others."""
        labels = sight.causes
        if labels is None:
            own = (m.name for m in self.part.matchers if m not in self.total.matchers)
            labels = tuple(n for n in dict.fromkeys(own) if n not in self.group_names)
        if labels and self.bad is not None:
            expect = f"errors of the last {sight.over}, most first; no result: there were none"
            yield by_cause(labels, f"increase({sight.on(self.part)}[{sight.over}])", expect)
        elif labels:
            good = ",".join(str(m) for m in self.part.matchers if m not in self.total.matchers)
            expect = f"events of the last {sight.over}, most first; all but {{{good}}} are errors"
            yield by_cause(labels, f"increase({sight.on(self.total)}[{sight.over}])", expect)
        yield from super().looks(sight)

    def tiles(self, context: TileContext) -> Tiles:
        """Bad tiles are read, or are events less good; a label set without any yet has 0 errors."""
        events = self.counter_tile(self.total, context)
        if self.bad is not None:
            errors = self.counter_tile(self.bad, context)
            return Tiles(events, f"{errors}\nor\n{context.zero} * 0")
        good = self.counter_tile(self.part, context)
        return Tiles(events, less_good(events, good, context.zero))

    @property
    def part(self) -> Selector:
        """The selector of the part that is given."""
        part = self.bad or self.good
        if part is None:
            raise AssertionError(ONE_OF.title)
        return part

    def detail(self, view: View) -> tuple[Panel, ...]:
        """Errors by each label that sets `bad` or `good` apart from `total`, or by those that the spec names."""
        own = (m.name for m in self.part.matchers if m not in self.total.matchers and m.name not in self.group_names)
        labels = tuple(dict.fromkeys(own)) if view.causes is None else view.causes
        part = f"sum by ({{label}}) (rate({chosen(self, self.part)}{RATE}))"
        if self.bad is not None:
            return causes(view, labels, part, "Errors")
        total = f"sum by ({{label}}) (rate({chosen(self, self.total)}{RATE}))"
        return causes(view, labels, f"{total} - ({part} or {total} * 0) > 0", "Errors")

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """Series of the total and of its part."""
        fixed = pinned(self.narrowed(self.total), group)
        counters = counter_series(
            history, self.narrowed(self.total), self.narrowed(self.part), fixed, bad=self.bad is not None
        )
        return self.exposed(self.narrowed(self.total), history, group, counters)
