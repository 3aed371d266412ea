"""One item on its way to a Unit: labels, reads, alerts and groups, the same for every kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import format_duration, offset, tiles_range
from watchbill.gotext import escaped
from watchbill.kinds.groups import rule_groups
from watchbill.kinds.setting import stale_read
from watchbill.model import Alert, Inhibition, LabelMatcher, Page
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.kinds.item import Item
    from watchbill.kinds.setting import Setting
    from watchbill.model import Labels, RecordingRule, RuleGroup

NO_PAGE = Page()


@dataclass(frozen=True)
class Lowering:
    """An item in its setting. `board` is the key of the dashboard that shows it."""

    item: Item
    setting: Setting
    board: str

    @property
    def labels(self) -> Labels:
        """Labels of every rule of the item."""
        own = ((conventions.SERVICE, self.setting.service), (self.item.label, self.item.name))
        return (*self.setting.labels, *own)

    @cached_property
    def matchers(self) -> str:
        """Matchers that select the item's recorded series."""
        return f"{{service={quote(self.setting.service)},{self.item.label}={quote(self.item.name)}}}"

    def ref(self, metric: str, more: str = "") -> str:
        """Return the selector of one of the item's recorded series; `more` matchers narrow it."""
        return metric + (f"{self.matchers[:-1]},{more}}}" if more else self.matchers)

    def over_tiles(self, metric: str, length: int, function: str = "sum_over_time") -> str:
        """Return `function` over exactly the tiles of `length` ms that were complete `lag` ago."""
        window = tiles_range(length, left_open=self.setting.timing.left_open)
        return f"{function}({self.ref(metric)}[{window}]{offset(self.setting.timing.lag)})"

    def slow(self, metric: str, back: int = 0, pace: int = 0) -> str:
        """Return a read of a series that is recorded every `pace` ms (0: the slow pace), `back` ms ago.

        An instant selector sees nothing after 5 minutes, this one does.
        """
        over = format_duration(self.stale(pace))
        return f"last_over_time({self.ref(metric)}[{over}]{offset(back) if back else ''})"

    def stale(self, pace: int = 0) -> int:
        """Return how old, in ms, what a slow read finds may be."""
        return stale_read(pace or self.setting.timing.slow)

    def alert(
        self,
        name: str,
        expr: str,
        level: str,
        summary: str,
        description: str,
        *,
        family: str,
        page: Page = NO_PAGE,
        pending: int = 0,
        keep_firing: int = 0,
        labels: Labels = (),
        annotations: Labels = (),
    ) -> Alert:
        """Return an alert of the item. `level` is page, ticket or info; texts are templates of Prometheus."""
        own = (*self.labels, *labels, (conventions.SEVERITY, self.setting.severity(level)))
        return Alert(
            name=name,
            expr=expr,
            labels=tuple((k, escaped(v)) for k, v in own),
            annotations=(("summary", summary), ("description", description), *annotations),
            pending=pending,
            keep_firing=keep_firing,
            family=family,
            board=self.board,
            page=page,
        )

    def groups(self, level: str, interval: int, rules: Iterable[RecordingRule | Alert]) -> Iterator[RuleGroup]:
        """Return the groups of one derivation level."""
        return rule_groups(self.setting.service, self.item.name, level, interval, rules)

    def page_over_ticket(self) -> Inhibition:
        """Return the rule that a page keeps tickets of the same item and group quiet."""
        own = LabelMatcher(self.item.label, "=", self.item.name)
        page, ticket = (LabelMatcher(conventions.SEVERITY, "=", self.setting.severity(x)) for x in ("page", "ticket"))
        mark = self.setting.mark
        return Inhibition(
            (mark, page, own),
            (mark, ticket, own),
            (conventions.SERVICE, self.item.label, *self.item.group_names),
            f"a page over tickets of the same {self.item.label} and group",
        )
