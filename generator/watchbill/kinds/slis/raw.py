"""Raw: expressions of the user's own, with a `{window}` placeholder. The escape hatch: nothing proves their inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from watchbill import promql
from watchbill.decimals import literal
from watchbill.durations import MINUTE, format_duration
from watchbill.fields import Duration, invalid
from watchbill.kinds.slis.base import Input, Sli, TileContext, Tiles
from watchbill.kinds.slis.ratio import ONE_OF
from watchbill.kinds.slis.windows import BAD_QUERY, placed
from watchbill.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.slis.history import History, Truth
    from watchbill.kinds.slis.looks import Sight
    from watchbill.model import Series


class Raw(Sli):
    """Expressions that give increases over `{window}`; a tile is their share of one rule interval."""

    kind: Literal["raw"]
    events: str = Field(description="PromQL for the number of events in {window}, aggregated by the labels in `by`.")
    bad: str | None = Field(default=None, description="PromQL for the number of bad events in {window}.")
    good: str | None = Field(default=None, description="PromQL for the number of good events in {window}.")
    window: Duration = Field(default=5 * MINUTE, description="What {window} becomes; at least four scrapes.")

    @model_validator(mode="after")
    def _checked(self) -> Raw:
        if (self.bad is None) == (self.good is None):
            raise invalid(ONE_OF, "raw expressions take either 'bad' or 'good'")
        for role, query in (("events", self.events), ("bad", self.bad), ("good", self.good)):
            if query is None:
                continue
            if "{window}" not in query:
                raise invalid(BAD_QUERY, f"'{role}' has no {{window}} placeholder")
            try:
                labels = promql.outer_labels(promql.parse(placed(query, self.window)))
            except promql.PromqlError as exc:
                raise invalid(BAD_QUERY, f"'{role}': {exc}") from None
            if labels is None or set(labels) != set(self.group_names):
                want = f"sum by ({', '.join(self.group_names)}) (...)" if self.by else "sum(...)"
                raise invalid(BAD_QUERY, f"'{role}' must be aggregated exactly by the labels in 'by': {want}")
        return self

    def inputs(self) -> tuple[Input, ...]:
        """Nothing: lint reads the expressions themselves."""
        return ()

    def looks(self, sight: Sight) -> Iterator[Check]:
        """The expressions as the spec gives them."""
        of = format_duration(self.window)
        for role, query in (("events", self.events), ("bad", self.bad), ("good", self.good)):
            if query is not None:
                expect = f"{role} events of the last {of}, as the spec counts them"
                yield Check(role, f"How many {role} events?", placed(query, self.window), expect)

    def _tile(self, query: str, context: TileContext) -> str:
        return f"({placed(query, self.window)}) * {literal(context.interval / self.window)}"

    def tiles(self, context: TileContext) -> Tiles:
        """Sliding increases, each weighed by interval / window, so that their sum counts every event once."""
        events = self._tile(self.events, context)
        part = self._tile(self.bad or self.good or "", context)
        if self.bad is not None:
            return Tiles(events, f"{part}\nor\n{context.zero} * 0")
        return Tiles(events, f"clamp_min({events} - ({part} or {context.zero} * 0), 0)")

    def raw(self, history: History, group: dict[str, str], context: TileContext) -> tuple[Series, ...] | None:
        """None: the inside of an expression is the user's; its rules are proven from the tiles on."""
        return None

    def truth(self, history: History, context: TileContext, at: int) -> Truth | None:
        """Never asked: there is no raw history."""
        return None
