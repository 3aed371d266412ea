"""The `budgets:` section: a counter, what it may add up to in a period, and what happens on the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from watchbill import calendar, conventions
from watchbill.diagnostics import Code
from watchbill.durations import DAY, MINUTE, parse_duration
from watchbill.fields import Duration, LabelName, Section, SelectorField, Share, invalid
from watchbill.kinds.budgets import checks
from watchbill.kinds.budgets.amounts import Allowance, Amount, AmountField
from watchbill.kinds.budgets.limits import LimitSpec
from watchbill.kinds.feeds import Fed, sources
from watchbill.kinds.item import Item
from watchbill.kinds.slis.base import Counted, GroupBy, Input
from watchbill.spending import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.diagnostics import Problem
    from watchbill.kinds.setting import Setting
    from watchbill.model import Unit

BAD_PERIOD = Code(
    "WB303",
    "Not a period of an allowance",
    "An allowance is for a calendar month, week or day (UTC), which people reckon with, or for a rolling window.",
    "Write month, week or day, or 1d to 90d.",
)
BAD_PLAN = Code(
    "WB305",
    "Not a plan of spending",
    "Pace is measured against the plan: by when which share of the allowance is meant to be spent.",
    "Write linear, weekly, or {weekends: 35%}: what a day of the weekend costs of a working day.",
)
CODES = (BAD_PERIOD, BAD_PLAN)

CALENDAR = {"month": calendar.CALENDAR["month"], "week": calendar.CALENDAR["week"], "day": calendar.DAILY}
WEEKLY = Plan(weekend=0.35)


def _period(value: Any) -> calendar.Period:
    if isinstance(value, calendar.Period):
        return value
    if isinstance(value, str) and value in CALENDAR:
        return CALENDAR[value]
    try:
        length = parse_duration(value) if isinstance(value, str) else 0
    except ValueError:
        length = 0
    if not DAY <= length <= 90 * DAY or length % (5 * MINUTE):
        raise invalid(BAD_PERIOD, f"{str(value)[:40]!r} is no period of an allowance")
    return calendar.rolling(length)


def _plan(value: Any) -> Plan:
    if isinstance(value, Plan):
        return value
    if value in ("linear", "weekly"):
        return Plan() if value == "linear" else WEEKLY
    share = value.get("weekends") if isinstance(value, dict) and len(value) == 1 else None
    text = str(share).strip()
    try:
        weekend = float(text.removesuffix("%")) / 100
    except ValueError:
        weekend = -1.0
    if not text.endswith("%") or not 0 <= weekend <= 1:
        raise invalid(BAD_PLAN, f"{str(value)[:40]!r} is no plan of spending")
    return Plan(weekend)


def _level(value: Any) -> Any:
    return "off" if value is False else value


def _switch(value: Any) -> Any:
    return "on" if value is True else _level(value)


Per = Annotated[
    calendar.Period,
    BeforeValidator(_period),
    WithJsonSchema({"type": "string", "examples": ["month", "week", "day", "30d"]}),
]
PlanField = Annotated[
    Plan,
    BeforeValidator(_plan),
    WithJsonSchema(
        {"anyOf": [{"enum": ["linear", "weekly"]}, {"type": "object"}], "examples": ["linear", {"weekends": "35%"}]}
    ),
]
Level = Annotated[Literal["page", "ticket", "off"], BeforeValidator(_level)]


class BudgetAlerts(Section):
    """How loud each alert of a budget is, or that it is off. Those of the prices need `unpriced` or `price_table`."""

    burn: Annotated[Literal["on", "off"], BeforeValidator(_switch)] = Field(
        default="on", description="Spending many times faster than the allowance lasts: two pages, a ticket."
    )
    forecast: Level = Field(default="ticket", description="The period will end above the allowance.")
    exhaustion: Level = Field(default="page", description="The allowance will be gone within about a day.")
    exhausted: Level = Field(default="ticket", description="The allowance is gone.")
    anomaly: Level = Field(default="ticket", description="An hour costs far more than that hour does in other weeks.")
    resets: Level = Field(default="ticket", description="The counter falls again and again: it counts too much.")
    missing: Level = Field(default="ticket", description="The counter is gone.")
    unpriced: Level = Field(default="ticket", description="Tokens have no price, so they cost nothing here.")
    price_table: Level = Field(default="ticket", description="The prices are old.")
    drift: Level = Field(default="ticket", description="The other source counts something else.")


class PriceTable(Section):
    """The age of the prices that costs are computed with."""

    timestamp: SelectorField = Field(description="Gauge with the time the prices are of, Unix seconds.")
    no_older_than: Duration = Field(default=90 * DAY, description="Older prices open a ticket.")


class CompareWith(Section):
    """A second count of the same: what the gateway or the provider says."""

    counter: SelectorField = Field(description="Counter of the same, in the same unit.")
    tolerance: Share = Field(default=0.05, description="Difference over a day, of the larger one, that is let pass.")


class Budget(Counted, Item):
    """What a counter may add up to in a period: money, tokens, calls, minutes."""

    label: ClassVar[str] = conventions.BUDGET

    counter: SelectorField = Field(description="The counter of what is spent.")
    allowance: Allowance = Field(
        description="What may be spent in a period, with its unit: `42000 usd` is for all groups together, "
        "`500 usd each` for every group, a map gives groups their own."
    )
    per: Per = Field(description="Period of the allowance: month, week or day (calendar, UTC), or a rolling 1d to 90d.")
    by: GroupBy = Field(
        default=(),
        description="Keep spending apart by these labels. What an allow-list does not name is kept as `other`.",
    )
    plan: PlanField = Field(
        default=Plan(), description="When it is meant to be spent: linear, weekly, or {weekends: 35%} of a working day."
    )
    alerts: BudgetAlerts = BudgetAlerts()
    limits: tuple[LimitSpec, ...] = Field(default=(), description="What harnesses do while a condition holds.")
    anomaly_floor: AmountField | None = Field(
        default=None,
        description="What an unusual hour must cost above the usual; default 2% of a day's allowance.",
    )
    causes: tuple[LabelName, ...] = Field(
        default=(), description="Labels that tell spenders apart, for a panel of the dashboard: model, tool."
    )
    unpriced: SelectorField | None = Field(
        default=None, description="Counter of tokens that no price was known for: they are missing from the cost."
    )
    price_table: PriceTable | None = Field(default=None, description="Watches the age of the prices.")
    compare_with: CompareWith | None = Field(default=None, description="Watches whether two sources count the same.")

    @model_validator(mode="after")
    def _for_somebody(self) -> Budget:
        one = self.allowance
        if isinstance(one, Amount) and one.each and not self.by:
            raise invalid(checks.GROUPS, "`each` of what? There is no `by`")
        if not isinstance(one, Amount) and len(self.by) != 1:
            raise invalid(checks.GROUPS, "a map of allowances needs `by` with one label")
        return self

    @property
    def group_names(self) -> tuple[str, ...]:
        """Names of the labels spending is kept apart by."""
        return tuple(g.name for g in self.by)

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Every amount of the allowance."""
        one = self.allowance
        return (one,) if isinstance(one, Amount) else tuple(amount for _, amount in one)

    def inputs(self) -> tuple[Input, ...]:
        """The counter, and what is read beside it."""
        found = [Input("counter", self.counter, "counter")]
        if self.unpriced is not None:
            found.append(Input("unpriced", self.unpriced, "counter"))
        if self.price_table is not None:
            found.append(Input("timestamp", self.price_table.timestamp, "gauge"))
        if self.compare_with is not None:
            found.append(Input("compare_with", self.compare_with.counter, "counter"))
        return tuple(found)

    def unit(self, setting: Setting) -> Unit:
        """Return its rules, proofs, panels and limits."""
        from watchbill.kinds.budgets.lower import unit  # noqa: PLC0415 - the lowering reads this class

        return unit(self, setting)

    def targets(self) -> tuple[str, ...]:
        """The liveness gauge that the spec names, or `up`."""
        return self.counting.targets(super().targets())

    def findings(self, setting: Setting) -> Iterator[Problem]:
        """What does not fit together."""
        return checks.findings(self, setting)

    def fed(self, setting: Setting) -> Fed:
        """It is fed by its own counter: what it is compared with only confirms."""
        page = setting.severity("page")
        pages = any(dict(alert.labels).get(conventions.SEVERITY) == page for alert in self.unit(setting).alerts())
        return Fed(self.label, self.name, sources((self.counter,)), pages)
