"""Composite: one objective over several others, each event weighed by its component."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill import conventions
from watchbill.decimals import literal
from watchbill.durations import HOUR, SECOND, offset, tiles_range
from watchbill.fields import Name, Positive, Section
from watchbill.kinds.slis.base import Input, Sli, TileContext, Tiles
from watchbill.kinds.slis.history import History, Truth, number
from watchbill.kinds.slis.views import chosen
from watchbill.model import Check, Measure, Query, Row, Series, State, Threshold
from watchbill.promql import Matcher, Op, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.looks import Sight
    from watchbill.kinds.slis.views import View
    from watchbill.model import Panel

HALF_SECOND = SECOND // 2


class Component(Section):
    """One of the objectives a composite is made of."""

    slo: Name = Field(description="Name of another SLO of the spec, not itself a composite.")
    weight: Positive = Field(default=1, description="What one of its events counts, beside 1 for a weight of 1.")


class Composite(Sli):
    """Events and errors are the weighed sums of the components' own, tile by tile: exact, and no mean of ratios."""

    kind: Literal["composite"]
    of: tuple[Component, ...] = Field(min_length=1, description="The components.")

    def inputs(self) -> tuple[Input, ...]:
        """Nothing of its own."""
        return ()

    def component_tile(self, what: str, component: Component, context: TileContext) -> Selector:
        """Return the selector of a component's recorded tile."""
        matchers = (Matcher("service", Op.EQ, context.service), Matcher("slo", Op.EQ, component.slo))
        return self.narrowed(Selector(conventions.tile(what, context.interval), matchers))

    def looks(self, sight: Sight) -> Iterator[Check]:
        """Which of the components is failing."""
        slos = "|".join(c.slo for c in self.of)
        matchers = (Matcher("service", Op.EQ, sight.service), Matcher("slo", Op.RE, slos), *sight.group)
        bad, of = (str(Selector(conventions.tile(w, sight.tile), matchers)) for w in ("errors", "events"))
        bad, of = (f"sum by (slo) (sum_over_time({tile}[{sight.over}]))" for tile in (bad, of))
        expr = f"sort_desc(\n  {bad}\n  / ({of} > 0)\n)"
        expect = f"error ratio of each component over the last {sight.over}, worst first: go on with that one's runbook"
        yield Check("causes", "Which part is failing?", expr, expect, always=True)

    def tiles(self, context: TileContext) -> Tiles:
        """A range that holds exactly one tile: a missed evaluation is not counted twice."""

        def weighed(what: str) -> str:
            window = f"[{tiles_range(context.interval, left_open=context.left_open)}]{offset(context.lag)}"
            tiles = ((literal(c.weight), self.component_tile(what, c, context)) for c in self.of)
            reads = (f"{weight} * sum_over_time({tile}{window})" for weight, tile in tiles)
            return self.aggregate("\nor\n".join(reads))

        return Tiles(weighed("events"), weighed("errors"))

    def detail(self, view: View) -> tuple[Panel, ...]:
        """The components: how good each is, and how many of the errors, weighed, are its own."""
        good, share = [], []
        for component in self.of:
            errors, events = (self._hour(what, component, view) for what in ("errors", "events"))
            good.append(Query(component.slo, f"1 - {errors} / ({events} > 0)", "{{slo}}"))
            share.append(Query(component.slo, f"{literal(component.weight)} * {errors}", "{{slo}}"))
        about = "Share of good events of each component over an hour, of all chosen groups together."
        return (
            replace(
                view.level("components", "Components", about),
                queries=tuple(good),
                measure=Measure.RATIO,
                thresholds=(Threshold(None, State.NEUTRAL),),
                most=1,
            ),
            replace(
                view.level("causes-component", "Errors by component", "Weighed errors of an hour, by component."),
                row=Row.CAUSES,
                queries=tuple(share),
                measure=Measure.COUNT,
                thresholds=(Threshold(None, State.NEUTRAL),),
                stacked=True,
                least=0,
            ),
        )

    def _hour(self, what: str, component: Component, view: View) -> str:
        matchers = (Matcher("service", Op.EQ, view.service), Matcher("slo", Op.EQ, component.slo))
        tile = chosen(self, Selector(conventions.tile(what, view.slow), matchers))
        return f"sum by (slo) (sum_over_time({tile}[{tiles_range(HOUR)}]))"

    def lateness(self, context: TileContext) -> int:
        """The components' tiles are read a lag late; in half seconds, since samples come at a common divisor."""
        return context.lag // HALF_SECOND * HALF_SECOND

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """Each component has an equal share of the weighed events, in tiles of its own."""
        out = []
        last = (len(history.events) - 1) * history.step
        for k, component in enumerate(self.of):
            ends = {at for at in self._ends(k, last, history.step, context) if _inside(history, at, context)}
            for what, of in (("events", history.events), ("errors", history.errors)):
                selector = self.component_tile(what, component, context)
                shown = []
                for at in range(0, last + 1, history.step):
                    total = sum(of[i] or 0.0 for i in _inside(history, at, context))
                    shown.append(number(total / len(self.of) / component.weight) if at in ends else "_")
                labels = {**{m.name: m.value for m in selector.matchers if m.op is Op.EQ}, **group}
                out.append(Series(selector.metric, tuple(sorted(labels.items())), " ".join(shown)))
        return tuple(out)

    def truth(self, history: History, context: TileContext, at: int) -> Truth | None:
        """The components' tiles that ended in an interval a lag ago."""
        until = at - context.lag
        seen = [
            i
            for k in range(len(self.of))
            for end in self._ends(k, until, history.step, context)
            if end > until - context.interval
            for i in _inside(history, end, context)
        ]
        if not seen:
            return None
        events, errors = (sum(of[i] or 0.0 for i in seen) / len(self.of) for of in (history.events, history.errors))
        return Truth(events, errors)

    def _ends(self, component: int, until: int, step: int, context: TileContext) -> list[int]:
        """Return when (ms) a component's tiles end: in turn with the composite's, half a lag before it, a whole one.

        (Rules keep their phase; this is for a read that is late by another lag to show.)
        """
        early = [lag // step * step for lag in (0, context.lag // 2, context.lag)]
        count = until // context.interval + 2
        found = (n * context.interval - early[(n + component) % 3] for n in range(count))
        return [at for at in found if 0 <= at <= until]


def _inside(history: History, at: int, context: TileContext) -> list[int]:
    """Return the samples in the tile that ends at `at`."""
    return [i for i in history.samples(at - context.interval, at) if history.events[i] is not None]
