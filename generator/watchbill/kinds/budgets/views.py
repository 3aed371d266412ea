"""Queries of a budget for people: what pages ask, for the group that the alert fired for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import DAY, HOUR, format_duration
from watchbill.model import Check, Use
from watchbill.promql import Matcher, Op, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.ledger import Ledger
    from watchbill.model import Labels

SCOPE_LABELS = ("job", "namespace", "cluster", "region", "environment", "env")
"""Labels that say where a service runs, by the names they usually have."""


@dataclass(frozen=True)
class View:
    """`groups` are the labels that the firing alert carries."""

    ledger: Ledger
    groups: tuple[str, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the input metrics, for the choice of a topic."""
        return tuple(dict.fromkeys(i.selector.metric for i in self.ledger.item.inputs()))

    @property
    def values(self) -> Labels:
        """What fills the placeholders of knowledge."""
        scope = ",".join(str(m) for m in self.ledger.item.counter.on(SCOPE_LABELS))
        return (("budget", self.ledger.item.name), ("period", self.ledger.period.text), ("scope", scope))

    def _mine(self, expr: str) -> str:
        """Narrow every read of the budget's series to the group: those kept by group only."""
        more = "".join(f",{name}={quote(f'${name}')}" for name in self.groups)
        return expr.replace(self.ledger.matchers, f"{self.ledger.matchers[:-1]}{more}}}") if more else expr

    def _slow(self, record: str) -> str:
        return self._mine(self.ledger.slow(record))

    def since(self, alert: str) -> Check:
        """Since when."""
        return Check(
            "since",
            "Since when?",
            f"time() - {self._state(alert)}",
            "seconds since the alert's conditions first held; no result: they do not hold any more",
        )

    def gone(self, alert: str) -> Check:
        """The alert is over."""
        return Check("gone", "Is the alert over?", self._state(alert), "no result: it has cleared", Use.RECOVERY)

    def _state(self, alert: str) -> str:
        more = "".join(f",{name}={quote(f'${name}')}" for name in self.groups)
        return f"ALERTS_FOR_STATE{{alertname={quote(alert)},{self.ledger.matchers[1:-1]}{more}}}"

    def spent(self) -> Check:
        """What is spent of the allowance."""
        expect = "share of the allowance: 1 is all of it"
        return Check("spent", "How much is spent?", self._slow(names.SPENT), expect, always=True)

    def pace(self) -> Check:
        """What is spent against the plan."""
        expect = "1: just as planned by now; no result: too early to tell"
        return Check("pace", "How far ahead of the plan?", self._slow(names.PACE), expect)

    def forecast(self) -> Check:
        """What the whole period will cost."""
        expect = "share of the allowance at the end, as it goes"
        return Check("forecast", "Where will it end?", self._slow(names.FORECAST), expect, always=True)

    def lasts(self) -> Check:
        """How long it lasts."""
        expr = f"{self._slow(names.EXHAUSTION)} / 3600"
        expect = f"hours at the rate of the last {format_duration(self.ledger.horizon)}; no result: nothing is spent"
        return Check("lasts", "How long does it last?", expr, expect)

    def per_day(self) -> Check:
        """The mean a day."""
        record = names.per_day(self.ledger.mean_window)
        expect = "in what the counter counts; compare with the allowance divided by the period's days"
        return Check("per-day", "What does a day cost?", self._slow(record), expect, always=True)

    def share_over(self, length: int) -> Check:
        """The share of the allowance spent in a window."""
        shown = format_duration(length)
        return Check(
            f"share-{shown}",
            f"How much of the allowance in {shown}?",
            self._mine(self.ledger.share(self.ledger.window(names.SPEND, length))),
            f"share of the allowance; {literal(round(length / self.ledger.period.length, 6))} is what lasts",
            always=True,
        )

    def calm(self, length: int) -> Check:
        """Spending is back to what lasts."""
        return Check(
            "calm",
            "Is spending back to what lasts?",
            self._mine(
                f"{self.ledger.share(self.ledger.window(names.SPEND, length))}"
                f" / {literal(length / self.ledger.period.length)}"
            ),
            "1 and below lasts the period; the alert clears well before",
            Use.RECOVERY,
            always=True,
        )

    def who(self, length: int) -> Check:
        """The largest spenders, by every label that the counter has."""
        matchers = (Matcher(name, Op.EQ, f"${name}") for name in self.groups)
        shown = self.ledger.item.counter if self.ledger.listed else self.ledger.item.counter.where(matchers)
        over = format_duration(max(length, HOUR // 4))
        expr = f"topk(10, sum without (instance, job) (increase({shown}[{over}])) > 0)"
        return Check("who", f"Who spends it? Over {over}", expr, "the largest first; look for one that stands out")

    def hour(self) -> Check:
        """What the last hour cost."""
        read = self._mine(self.ledger.window(names.SPEND, HOUR))
        return Check("hour", "What did the last hour cost?", read, "far above the next number", always=True)

    def usual(self) -> Check:
        """What it usually costs."""
        return Check("usual", "What does this hour usually cost?", self._slow(names.BASELINE), "no result: too new")

    def counted(self) -> Check:
        """Tiles are there."""
        tile = self.ledger.ref(names.tile(names.SPEND, self.ledger.setting.timing.tile))
        return Check("counted", "Is it counted again?", tile, "any result: it is", Use.RECOVERY, always=True)

    def trust(self) -> Iterator[Check]:
        """Whether the numbers are right."""
        ledger = self.ledger
        counter = ledger.item.counter
        yield Check(
            "input",
            f"Is {counter.metric} there?",
            f"count({counter})",
            "the number of series; no result means the metric is gone, and the numbers above are blind",
            Use.TRUST,
            always=True,
        )
        yield from ledger.item.counting.looks(counter)
        yield Check(
            "watched",
            "Since when is this period watched?",
            ledger.slow(names.WATCHED),
            "days; fewer than the period is old: what came before is not in `spent`",
            Use.TRUST,
            always=True,
        )
        group = f'rule_group=~".*watchbill/{ledger.setting.service}/{ledger.item.name}/.*"'
        yield Check(
            "rules",
            "Do its rules run?",
            f"sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total{{{group}}}[15m])) > 0\nor\n"
            f"sum by (rule_group) (increase(prometheus_rule_group_iterations_missed_total{{{group}}}[15m])) > 0",
            "no result: every rule behind these numbers was evaluated",
            Use.TRUST,
        )

    def unpriced(self) -> Iterator[Check]:
        """Which models have no price."""
        selector = self.ledger.item.unpriced
        expr = f"sort_desc(sum without (instance, job) (increase({selector}[1h])) > 0)"
        yield Check("models", "Which models?", expr, "tokens by model: these names are not in the price table")

    def price_table(self) -> Iterator[Check]:
        """How old the prices are, and where."""
        table = self.ledger.item.price_table
        if table is not None:
            expr = f"sort_desc((time() - {table.timestamp}) / 86400)"
            yield Check("age", "How old, and where?", expr, "days by process; one that stands out was not restarted")

    def resets(self) -> Iterator[Check]:
        """Which series fall."""
        expr = f"topk(10, resets({self.ledger.item.counter}[1h]) > 0)"
        yield Check("falls", "Which series fall?", expr, "falls in an hour; two writers give dozens")

    def drift(self) -> Iterator[Check]:
        """Both counts."""
        own = self.ledger.total(self.ledger.window(names.SPEND, DAY))
        yield Check("own", "What did we count in a day?", own, "in what the counter counts", always=True)
        theirs = self.ledger.window(names.COMPARED, DAY)
        yield Check("theirs", "What did they count in a day?", theirs, "the same, if both are right", always=True)
