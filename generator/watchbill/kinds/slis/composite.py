"""Composite: one objective over several others, each event weighed by its component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from watchbill import conventions
from watchbill.decimals import literal
from watchbill.durations import offset, tiles_range
from watchbill.fields import Name, Positive, Section
from watchbill.kinds.slis.base import Input, Sli, TileContext, Tiles
from watchbill.kinds.slis.history import History, Truth, number
from watchbill.model import Check, Series
from watchbill.promql import Matcher, Op, Selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.looks import Sight


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

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """Each component has an equal share of the weighed events, in tiles of its own."""
        out = []
        for component in self.of:
            for what, of in (("events", history.events), ("errors", history.errors)):
                selector = self.component_tile(what, component, context)
                shown = []
                for i in range(len(of)):
                    at = i * history.step
                    inside = [
                        of[k] or 0.0
                        for k in history.samples(at - context.interval, at)
                        if history.events[k] is not None
                    ]
                    whole = at % context.interval == 0 and bool(inside)
                    shown.append(number(sum(inside) / len(self.of) / component.weight) if whole else "_")
                labels = {**{m.name: m.value for m in selector.matchers if m.op is Op.EQ}, **group}
                out.append(Series(selector.metric, tuple(sorted(labels.items())), " ".join(shown)))
        return tuple(out)

    def truth(self, history: History, context: TileContext, at: int) -> Truth | None:
        """The components' tiles of the same time."""
        seen = at - context.interval  # the newest tile that is older than the lag
        inside = [i for i in history.samples(seen - context.interval, seen) if history.events[i] is not None]
        if not inside:
            return None
        return Truth(sum(history.events[i] or 0.0 for i in inside), sum(history.errors[i] for i in inside))
