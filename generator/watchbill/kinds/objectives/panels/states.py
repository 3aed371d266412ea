"""Verdicts in words, and what counts as good: the same on every board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.durations import DAY, SECOND
from watchbill.model import Meaning, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill.burn import Tier

BLIND, FINE, TICKET, PAGE = -1, 0, 1, 2
STATES = (
    Meaning("no data", State.NEUTRAL, BLIND, BLIND),
    Meaning("OK", State.GOOD, FINE, FINE),
    Meaning("ticket", State.WARNING, TICKET, TICKET),
    Meaning("page", State.BAD, PAGE, PAGE),
)
STATE_LEVELS = (
    Threshold(None, State.NEUTRAL),
    Threshold(FINE, State.GOOD),
    Threshold(TICKET, State.WARNING),
    Threshold(PAGE, State.BAD),
)

NEVER = 365 * DAY // SECOND
"""Seconds that stand for "the budget lasts its period": above any period."""
EXHAUSTION = (
    Meaning("used up", State.BAD, None, 0),
    Meaning("not at this pace", State.GOOD, NEVER, None),
)
BURNING = (Threshold(None, State.WARNING),)
SUSTAINABLE = (Threshold(None, State.GOOD), Threshold(1, State.WARNING))
"""Of a burn rate: at 1 the budget lasts just as long as its period."""
SPENT = (Threshold(None, State.BAD), Threshold(0, State.WARNING))
QUIET = (Meaning("page now", State.BAD, 0, 0),)
ALERTING = (Meaning("pending", State.WARNING, 1, 1), Meaning("firing", State.BAD, 2, 2))


def budget_levels(tiers: Iterable[Tier]) -> tuple[Threshold, ...]:
    """Return levels of the budget left: good while there is more than the dearest alert spends before it fires."""
    return (*SPENT, Threshold(max(t.budget for t in tiers), State.GOOD))


def exhaustion_levels(tiers: Iterable[Tier], period: int) -> tuple[Threshold, ...]:
    """Return levels of the time to exhaustion, seconds: how fast a full budget goes at the pace of a page, a ticket."""
    pace = {severity: [t.burn_rate(period) for t in tiers if t.severity == severity] for severity in ("page", "ticket")}
    levels = [Threshold(None, State.BAD)]
    for severity, state in (("page", State.WARNING), ("ticket", State.GOOD)):
        if pace[severity] and (at := period / SECOND / min(pace[severity])) > (levels[-1].at or 0):
            levels.append(Threshold(round(at), state))
    return tuple(levels) if levels[-1].state is State.GOOD else (*levels, Threshold(period // SECOND, State.GOOD))
