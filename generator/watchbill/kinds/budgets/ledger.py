"""A budget in its setting: who has which allowance, which sums are recorded, and how rules read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from watchbill import regexes, spending
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import DAY, HOUR
from watchbill.kinds.budgets.amounts import Amount
from watchbill.kinds.lowering import Lowering
from watchbill.kinds.slis.base import TileContext
from watchbill.promql import Matcher, Op

if TYPE_CHECKING:
    from watchbill.burn import Tier
    from watchbill.calendar import Period
    from watchbill.kinds.budgets.limits import LimitSpec
    from watchbill.kinds.budgets.section import Budget
    from watchbill.model import Labels
    from watchbill.promql import Selector


@dataclass(frozen=True, slots=True)
class Part:
    """Series that come under some groups: matchers that select them, and labels whose value is `other` there."""

    matchers: tuple[Matcher, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Ledger(Lowering):
    """Expressions by group are kept by `group_names`, those on the allowance by `pot_names`."""

    item: Budget

    @property
    def period(self) -> Period:
        """The period of the allowance."""
        return self.item.per

    @property
    def kind_of_period(self) -> str:
        """Month, week, day or rolling."""
        return self.period.text if self.period.is_calendar else "rolling"

    @property
    def group_names(self) -> tuple[str, ...]:
        """Labels that spending is kept apart by."""
        return self.item.group_names

    @property
    def shared(self) -> bool:
        """Whether all groups draw on one allowance."""
        return isinstance(self.item.allowance, Amount) and not self.item.allowance.each

    @property
    def pot_names(self) -> tuple[str, ...]:
        """Labels that allowances, and alerts on them, are kept by."""
        return () if self.shared else self.group_names

    @cached_property
    def listed(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The labels and their allow-lists: of `by`, or the groups that a map of allowances names; without `other`."""
        own = dict(self.item.allowance) if isinstance(self.item.allowance, tuple) else {}
        return tuple((g.name, tuple(v for v in g.values or own if v != names.OTHER)) for g in self.item.by)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the counter's series are divided into, so that each is counted once and none is lost."""

        def choices(name: str, values: tuple[str, ...]) -> list[Part]:
            if not values:
                return [Part((), ())]
            either = "|".join(regexes.escape(v) for v in values)
            listed = Matcher(name, Op.EQ, values[0]) if len(values) == 1 else Matcher(name, Op.RE, either)
            rest = Matcher(name, Op.NE, values[0]) if len(values) == 1 else Matcher(name, Op.NRE, either)
            return [Part((listed,), ()), Part((rest,), (name,))]

        return tuple(
            Part(tuple(m for part in chosen for m in part.matchers), tuple(o for part in chosen for o in part.others))
            for chosen in product(*(choices(name, values) for name, values in self.listed))
        )

    @cached_property
    def allowances(self) -> tuple[tuple[Labels, Amount], ...]:
        """Each allowance and the group labels it is for; none for an allowance of everybody's own."""
        one = self.item.allowance
        if isinstance(one, Amount):
            return (((), one),)
        return tuple((((self.group_names[0], group),), amount) for group, amount in one)

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        """The burn tiers."""
        if self.item.alerts.burn == "off" and not any(limit.when.tier for limit in self.item.limits):
            return ()
        timing = self.setting.timing
        return spending.tiers(self.period.length, timing.tile, timing.slow)

    @property
    def limits(self) -> tuple[tuple[LimitSpec, Tier | None], ...]:
        """The limits, and the tiers of those that are on one; one on a tier that is not there is left out."""
        named = {tier.name: tier for tier in self.tiers}
        return tuple((x, named.get(x.when.tier)) for x in self.item.limits if not x.when.tier or x.when.tier in named)

    @property
    def horizon(self) -> int:
        """How far ahead exhaustion is looked for, ms."""
        return spending.horizon(self.kind_of_period, self.period.length)

    @property
    def settling(self) -> int:
        """How long, ms, what is read of a calendar period may still be of the one before.

        The sum of the period, its share of the allowance and the outlook are recorded one after the other; the fourth
        read is an alert's. The clock knows of the turn at once, and a plan of zero makes any old spending look huge.
        """
        return 4 * self.stale()

    @property
    def settled(self) -> str:
        """PromQL that holds once all that is read is of the current period; empty where no period begins."""
        if not self.period.is_calendar:
            return ""
        return f"\nand on ()\n{self.slow(names.ELAPSED)} >= {literal(self.settling / DAY)}"

    @property
    def mean_window(self) -> int:
        """Over how long the mean is taken that the forecast carries on, ms."""
        return spending.mean_window(self.kind_of_period, self.period.length)

    @property
    def floor(self) -> str:
        """PromQL of what an unusual hour must cost above the usual, in what the counter counts."""
        if self.item.anomaly_floor is not None:
            return literal(self.item.anomaly_floor.value)
        share = spending.FLOOR_DAYS * DAY / self.period.length
        if isinstance(self.item.allowance, Amount):
            return literal(share * self.item.allowance.value)
        return f"{literal(share)} * {self.slow(names.ALLOWANCE)}"

    @cached_property
    def slow_of(self) -> dict[tuple[str, int], bool]:
        """The sums that are recorded: what, over how long (ms), and whether of slow tiles.

        One that a fast and a slow tier share is recorded at the fast pace.
        """
        wanted: dict[tuple[str, int], bool] = {}

        def want(what: str, length: int, *, slow: bool = True) -> None:
            wanted[what, length] = wanted.get((what, length), True) and slow

        for tier in self.tiers:
            want(names.SPEND, tier.long, slow=tier.slow)
            want(names.SPEND, tier.short, slow=tier.slow)
        want(names.SPEND, self.horizon)
        if self.item.alerts.anomaly != "off":
            want(names.SPEND, HOUR)
        if not self.period.is_calendar:
            want(names.SPEND, self.period.length)
        if self.item.unpriced is not None:
            want(names.UNPRICED, HOUR)
        if self.item.compare_with is not None:
            want(names.SPEND, DAY)
            want(names.COMPARED, DAY)
        return wanted

    @property
    def counted(self) -> tuple[tuple[str, Selector], ...]:
        """What is counted, beside the spending itself."""
        other = self.item.compare_with
        found = ((names.UNPRICED, self.item.unpriced), (names.COMPARED, None if other is None else other.counter))
        return tuple((what, selector) for what, selector in found if selector is not None)

    def window(self, what: str, length: int) -> str:
        """Return a read of a recorded sum: instant for fast ones."""
        record = names.window_sum(what, length)
        return self.slow(record) if self.slow_of[what, length] else self.ref(record)

    def total(self, expr: str) -> str:
        """Return the sum of an expression over all groups."""
        return f"sum without ({', '.join(self.group_names)}) ({expr})" if self.group_names else expr

    def pot(self, expr: str) -> str:
        """Return an expression by group as that on the allowance."""
        return self.total(expr) if self.shared else expr

    def share(self, expr: str) -> str:
        """Return a sum by group as a share of the allowance."""
        one = self.item.allowance
        over = literal(one.value) if isinstance(one, Amount) else self.slow(names.ALLOWANCE)
        return f"{self.pot(expr)} / {over}"

    def context(self, *, slow: bool = False) -> TileContext:
        """Return how tiles are cut, at the tile interval or (`slow`, for backfills) at the slow one."""
        timing = self.setting.timing
        return TileContext(
            interval=timing.slow if slow else timing.tile,
            settle=timing.settle,
            bridge=timing.bridge,
            lag=timing.lag,
            left_open=timing.left_open,
            service=self.setting.service,
            zero="",
        )
