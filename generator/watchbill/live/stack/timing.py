"""How long a drill waits for an alert, from the plan: windows, `for`, evaluations, and how long groups wait."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR, MINUTE, parse_duration
from watchbill.live import clocks
from watchbill.targets.routes.config import INFO, PAGE, TICKET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.model import Alert, Plan, Scenario, Unit

_RANGE = re.compile(r"\[([0-9a-z]+)[:\]]")
SLACK = 90_000
"""ms for scrapes, evaluations that are late, and the way of a notification."""
MOST_RANGE = HOUR


def onset(unit: Unit, alert: Alert, scenarios: Iterable[Scenario]) -> int:
    """Return for how long, ms, what the alert is about may have to last until its expression has held for its `for`.

    The least its scenarios take from a silent look to a firing one; without any, the longest range that it or a rule
    that it depends on reads, and its `for`.
    """
    gaps = [gap for scenario in scenarios for gap in _gaps(scenario, alert.name)]
    slowest = max(group.interval for file in unit.files for group in file.groups)
    lasts = max(min(gaps), alert.pending) if gaps else _reads(unit, alert) + alert.pending
    return lasts + 2 * slowest


def _reads(unit: Unit, alert: Alert) -> int:
    """Return the longest range, ms, but for those that only look for what is usual: they are longer than an outage."""
    exprs = [alert.expr, *(rule.expr for rule in clocks.behind(unit, [alert]))]
    ranges = [parse_duration(text) for expr in exprs for text in _RANGE.findall(expr)]
    return max((r for r in ranges if r <= MOST_RANGE), default=0)


def _gaps(scenario: Scenario, alert: str) -> Iterator[int]:
    """Yield the times from silence to firing, in histories that start where events are counted."""
    looks = sorted((f for f in scenario.fires if f.alert == alert), key=lambda f: f.at)
    if scenario.level != "windows":
        yield from (late.at - soon.at for soon, late in pairwise(looks) if late.firing and not soon.firing)


def at_least(plan: Plan, alert: Alert) -> int:
    """Return how long, ms, the notification takes however bad it is."""
    return alert.pending + parse_duration(_route(plan, alert)["group_wait"])


def to_receive(plan: Plan, unit: Unit, alert: Alert, scenarios: Iterable[Scenario]) -> int:
    """Return how long, ms, a drill waits for the notification once the fault is on."""
    return onset(unit, alert, scenarios) + parse_duration(_route(plan, alert)["group_wait"]) + SLACK


def to_resolve(plan: Plan, unit: Unit, alert: Alert, scenarios: Iterable[Scenario]) -> int:
    """Return how long, ms, a drill waits for the notification that it is over once the fault is off."""
    wait = parse_duration(_route(plan, alert)["group_interval"])
    return onset(unit, alert, scenarios) + alert.keep_firing + wait + SLACK + MINUTE


def _route(plan: Plan, alert: Alert) -> dict[str, str]:
    words = {word: level for level, word in plan.routing.severities}
    severity = dict(alert.labels).get(conventions.SEVERITY, "")
    found: dict[str, str] = {"page": PAGE, "ticket": TICKET}.get(words.get(severity, severity), INFO)
    return found
