"""Queries over the series of all objectives of a service at once; the variable `slo` chooses among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from watchbill import conventions
from watchbill.durations import DAY, HOUR, MINUTE, SECOND, format_duration, tiles_range
from watchbill.kinds.objectives.panels.states import BLIND, NEVER
from watchbill.kinds.setting import stale_read
from watchbill.promql import quote

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.setting import Timing
    from watchbill.model import Labels


@dataclass(frozen=True, slots=True)
class Scope:
    """What all objectives of a service have in common."""

    service: str
    owner: str
    timing: Timing
    severities: Labels

    @classmethod
    def of(cls, facts: Facts) -> Self:
        """Return the scope of an objective."""
        return cls(facts.service, facts.owner, facts.timing, facts.severities)


class Everything:
    """Expressions by `slo` and whatever else an objective is kept by. Times in ms."""

    firing = 'alertstate="firing"'

    def __init__(self, scope: Scope) -> None:
        self.timing = scope.timing
        chosen = f'{conventions.SLO}=~"$slo"'
        words = dict(scope.severities)
        self.mine = f"{conventions.SERVICE}={quote(scope.service)},{chosen}"
        self.marked = f"{conventions.MARKER}={quote(scope.service)},{chosen}"
        self.page, self.tickets = (f"severity={quote(words.get(level, level))}" for level in ("page", "ticket"))
        self.info = self._slow(conventions.INFO)
        self.left = self._slow(conventions.BUDGET_REMAINING)
        self.days = self._slow(conventions.PERIOD_DAYS)

    def _slow(self, record: str, over: int = 0) -> str:
        window = max(stale_read(self.timing.slow), over)
        return f"last_over_time({record}{{{self.mine}}}[{format_duration(window)}])"

    def _hour(self, what: str) -> str:
        record = conventions.tile(what, self.timing.slow)
        return f"sum_over_time({record}{{{self.mine}}}[{tiles_range(HOUR, left_open=self.timing.left_open)}])"

    def per_second(self, what: str) -> str:
        """Return events or errors per second: of the newest slow tile, as it stands until the next one."""
        return f"{self._slow(conventions.tile(what, self.timing.slow))} / {self.timing.slow // SECOND}"

    def alerts(self, *matchers: str) -> str:
        """Return the selector of the service's alerts."""
        return f"ALERTS{{{','.join((self.marked, *matchers))}}}"

    def _of_objectives(self, severity: str) -> str:
        return self.alerts(self.firing, severity, 'slo!=""')

    def state(self) -> str:
        """Return the worst that fires: 2 a page, 1 a ticket, 0 nothing, -1 there is nothing to tell by."""
        page, ticket = self._of_objectives(self.page), self._of_objectives(self.tickets)
        return (
            f"max by (slo) (\n  2 * {page}\n  or\n  {ticket}\n  or\n  0 * {self.left}\n  or\n  {BLIND} * {self.info}\n)"
        )

    def firing_by_objective(self) -> str:
        """Return the objectives of which something fires: 2 a page, 1 a ticket."""
        return f"max by (slo) (2 * {self._of_objectives(self.page)} or {self._of_objectives(self.tickets)})"

    def burn(self) -> str:
        """Return the burn rate of the last hour: of a budget of events, or else of a ratio."""
        errors, events = self._hour("errors"), self._hour("events")
        hours = f"on (slo) group_left () ({DAY // HOUR} * {self.days})"
        return (
            f"{errors} / ({self._slow(conventions.BUDGET_EVENTS, HOUR)} > 0) * {hours}\n"
            f"or\n{errors} / ({events} > 0) / on (slo) group_left () {self._slow(conventions.BUDGET_RATIO)}"
        )

    def exhausted_in(self) -> str:
        """Return the seconds until the budget is used up at the pace of the last hour."""
        return (
            f"({self.left} <= 0) * 0\nor\n"
            f"({self.left} / (\n{self.burn()}\n) < 1) * on (slo) group_left () ({DAY // SECOND} * {self.days})\n"
            f"or\n{self.left} * 0 + {NEVER}"
        )

    def paging(self) -> str:
        """Return how many objectives have a page firing."""
        return f"count(count by (slo) ({self._of_objectives(self.page)})) or vector(0)"

    def ticket(self) -> str:
        """Return how many have a ticket firing, and no page."""
        page, ticket = (f"count by (slo) ({self._of_objectives(s)})" for s in (self.page, self.tickets))
        return f"count({ticket} unless {page}) or vector(0)"

    def blind(self) -> str:
        """Return how many have had no tile for a while."""
        tile = conventions.tile("events", self.timing.tile)
        seen = f"last_over_time({tile}{{{self.mine}}}[{format_duration(max(5 * MINUTE, 4 * self.timing.tile))}])"
        return f"count(count by (slo) ({self.info}) unless count by (slo) ({seen})) or 0 * count({self.info})"

    def fine(self) -> str:
        """Return how many are known to be in order."""
        firing = f"count by (slo) ({self._of_objectives(self.page)} or {self._of_objectives(self.tickets)})"
        return f"count(count by (slo) ({self.left}) unless {firing}) or 0 * count({self.info})"

    def quiet(self) -> str:
        """Return the seconds since a page last fired, 0 while one does."""
        firing = self.alerts(self.firing, self.page)
        return f"0 * max({firing})\nor\ntime() - max(max_over_time(timestamp({firing})[7d:5m]))"
