"""What every capacity kind shares: default selectors, groups, pace, info series and the alert on a lost signal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from pydantic import Field

from watchbill import conventions
from watchbill.conventions import capacity as names
from watchbill.durations import MINUTE, format_duration, offset, round_up
from watchbill.kinds.item import Item
from watchbill.kinds.lowering import Lowering
from watchbill.kinds.slis.base import GroupBy, GroupLabel, indented
from watchbill.model import RecordingRule, RuleFile, Unit
from watchbill.promql import Matcher, Op, Selector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from watchbill.kinds.setting import Setting
    from watchbill.model import Alert, Display, RuleGroup, Scenario

LOOKBACK = 5 * MINUTE
"""For how long after its last sample an instant selector still sees a series."""


class Capacity(Item):
    """Base of the capacity kinds."""

    label: ClassVar[str] = conventions.CAPACITY

    job: str = Field(default="", max_length=200, description="Scrape job of the metrics that are read by default.")
    on_no_data: Literal["page", "ticket", "ignore"] = Field(default="page", description="What a vanished signal does.")

    def metric(self, given: Selector | None, metric: str, **labels: str) -> Selector:
        """Return the selector that the spec gives, or the canonical metric's; allow-lists apply to both."""
        own = (("job", self.job), *labels.items())
        found = given or Selector(metric, tuple(Matcher(k, Op.EQ, v) for k, v in own if v))
        return found.where(m for m in (g.matcher() for g in self.kept) if m is not None)

    def aggregate(self, inner: str, op: str = "sum") -> str:
        """Return `op by (group labels) (inner)`."""
        by = f" by ({', '.join(self.group_names)}) " if self.kept else ""
        return f"{op}{by}({inner})" if "\n" not in inner else f"{op}{by}(\n{indented(inner)}\n)"

    def lowering(self, setting: Setting) -> Bench:
        """Return the item in its setting."""
        return Bench(self, setting, names.BOARD)


class Grouped(Capacity):
    """Base of the kinds that may be kept by labels."""

    by: GroupBy = Field(default=(), description="Keep it per value of these labels; allow-lists filter.")

    @property
    def kept(self) -> tuple[GroupLabel, ...]:
        """The labels of `by`."""
        return self.by


class Bench(Lowering):
    """A capacity item on its way to a Unit."""

    item: Capacity

    @property
    def pace(self) -> int:
        """Interval of the rules, ms: a minute, in whole tiles."""
        return round_up(MINUTE, self.setting.timing.tile)

    def read(self, metric: str, back: int = 0, pace: int = 0) -> str:
        """Return a read of a series that another group records every `pace` ms (0: the item's pace), `back` ms ago."""
        if 2 * (pace or self.pace) > LOOKBACK:
            return self.slow(metric, back, pace or self.pace)
        return self.ref(metric) + offset(back)

    def rule(self, record: str, expr: str, about: str) -> RecordingRule:
        """Return a recording rule with the item's labels."""
        return RecordingRule(record, expr, self.labels, about)

    def info(self) -> RecordingRule:
        """Return the series that names the item; its value is 1."""
        item = self.item
        more = (("kind", str(getattr(item, "kind", ""))), ("owner", self.setting.owner), ("title", item.shown))
        return RecordingRule(names.INFO, "vector(1)", (*self.labels, *((k, v) for k, v in more if v)), "names the item")

    def alert_name(self, what: str) -> str:
        """Return the name of one of the item's alerts."""
        return names.alert(self.item.name, what)

    def files(self, inputs: Iterable[RuleGroup], others: Iterable[RuleGroup]) -> tuple[RuleFile, ...]:
        """Return the rule files: what reads input metrics stands in one of its own."""
        name = self.item.name
        return (
            RuleFile(conventions.rule_file(name, "inputs"), tuple(inputs), reads_inputs=True),
            RuleFile(conventions.rule_file(name), tuple(others)),
        )

    def window(self, length: int) -> str:
        """Return a duration in PromQL's notation, three paces at least."""
        return format_duration(max(length, 3 * self.pace))


B = TypeVar("B", bound=Bench)


def unit(
    bench: B,
    alerts: Callable[[B], Iterable[Alert]],
    files: Callable[[B, tuple[Alert, ...]], tuple[RuleFile, ...]],
    scenarios: Callable[[B, tuple[Alert, ...]], Iterator[Scenario]],
    display: Callable[[B], Display],
) -> Unit:
    """Return the Unit of a kind's parts; scenarios and panels are made when somebody asks for them."""
    found = tuple(alerts(bench))
    return Unit(
        bench.item.name,
        files(bench, found),
        partial(scenarios, bench, found),
        show=partial(display, bench),
        hush=lambda: (bench.page_over_ticket(),),
    )
