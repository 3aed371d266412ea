"""How panels read an objective's recorded series: filtered by the board's variables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal
from watchbill.durations import SECOND
from watchbill.kinds.objectives.panels.states import BLIND, NEVER
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.slis.views import legend, variable_matcher
from watchbill.promql import quote

if TYPE_CHECKING:
    from watchbill.burn import Tier
    from watchbill.kinds.objectives.facts import Facts


@dataclass(frozen=True)
class Lens:
    """One objective as its own board shows it."""

    facts: Facts

    @cached_property
    def reads(self) -> Reads:
        """The window sums."""
        return Reads(self.facts)

    @property
    def board(self) -> str:
        """Key of the objective's board."""
        return conventions.objective_board(self.facts.name)

    @property
    def runbook(self) -> str:
        """The alert whose page explains the objective: its fastest one."""
        return conventions.burn_alert(self.facts.name, self.facts.tiers[0].name)

    @property
    def by(self) -> str:
        """The group labels as they stand in a grouping."""
        return ", ".join(self.facts.sli.group_names)

    @property
    def legend(self) -> str:
        """What tells groups apart in a legend."""
        return legend(self.facts.sli.group_names)

    @property
    def last(self) -> int:
        """The shortest window of which events and errors are recorded, ms."""
        tier = self.facts.tiers[0]
        return tier.short if self.facts.weighting == "time" else tier.still

    def shown(self, expr: str) -> str:
        """Return an expression over recorded series, narrowed to the groups that the variables choose."""
        chosen = "".join(f",{variable_matcher(name)}" for name in self.facts.sli.group_names)
        return expr.replace(self.facts.matchers, f"{self.facts.matchers[:-1]}{chosen}}}")

    def window(self, what: str, length: int) -> str:
        """Return a window sum by group."""
        return self.shown(self.reads.window(what, length))

    def left(self) -> str:
        """Return the share of the budget that is left, by group."""
        return self.shown(self.reads.slow(conventions.BUDGET_REMAINING))

    def bad_ratio(self, length: int) -> str:
        """Return the error ratio over a window, by group."""
        return f"{self.window('errors', length)} / ({self.window('events', length)} > 0)"

    def burn(self, tier: Tier, *, short: bool = False) -> str:
        """Return the burn rate over a tier's long (or short) window, by group."""
        length = tier.short if short else tier.long
        if self.facts.weighting == "time":
            return f"{self.bad_ratio(length)} / {literal(self.facts.budget_ratio)}"
        per_period = literal(self.facts.period.length / length)
        return f"{self.window('errors', length)} / ({self.shown(self.reads.budget())} > 0) * {per_period}"

    def near(self, tier: Tier) -> str:
        """Return how near a tier's alert is, by group: the slower of its two windows, as a share of its burn rate."""
        slower = f"({self.burn(tier)}) < ({self.burn(tier, short=True)}) or {self.burn(tier, short=True)}"
        return f"({slower}) / {literal(tier.burn_rate(self.facts.period.length))}"

    def exhausted_in(self, tier: Tier) -> str:
        """Return the seconds until the budget is gone at the pace of a tier's long window, by group."""
        left, period = self.left(), literal(self.facts.period.length / SECOND)
        return f"({left} <= 0) * 0\nor\n({left} / ({self.burn(tier)}) < 1) * {period}\nor\n{left} * 0 + {NEVER}"

    def alerts(self, *matchers: str, any_group: bool = True) -> str:
        """Return the selector of the objective's alerts; `any_group`: those without group labels too."""
        mine = (f"{conventions.MARKER}={quote(self.facts.service)}", f"{conventions.SLO}={quote(self.facts.name)}")
        groups = (variable_matcher(name, missing=any_group) for name in self.facts.sli.group_names)
        return f"ALERTS{{{','.join((*mine, *groups, *matchers))}}}"

    def state(self, aggregate: str, *, any_group: bool = True) -> str:
        """Return the worst that fires: 2 a page, 1 a ticket, 0 nothing, -1 there is nothing to tell by."""
        firing = 'alertstate="firing"'
        page, ticket = (f"severity={quote(self.facts.severity(level))}" for level in ("page", "ticket"))
        known = f"0 * {self.left()}"
        blind = "" if not any_group else f"\n  or\n  {BLIND} * {self.reads.slow(conventions.INFO)}"
        return (
            f"{aggregate} (\n  2 * {self.alerts(firing, page, any_group=any_group)}\n  or\n"
            f"  {self.alerts(firing, ticket, any_group=any_group)}\n  or\n  {known}{blind}\n)"
        )
