"""The list of all pages, by what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.knowledge.values import one_line
from watchbill.targets.runbooks.wakes import level

if TYPE_CHECKING:
    from watchbill.model import Alert, Plan


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert in the list."""

    alert: str
    level: str
    about: str


@dataclass(frozen=True, slots=True)
class Group:
    """The alerts of one unit of the plan."""

    title: str
    name: str
    entries: tuple[Entry, ...]


def entries(plan: Plan) -> tuple[Group, ...]:
    """Return the alerts in the order of the plan, grouped by unit."""
    groups = []
    for unit in plan.units:
        alerts = list(unit.alerts())
        if not alerts:
            continue
        titles = {one_line(a.page.title) for a in alerts} - {""}
        title = titles.pop() if len(titles) == 1 else unit.name.replace("-", " ").capitalize()
        listed = tuple(Entry(a.name, level(plan, a), _about(a)) for a in alerts)
        groups.append(Group(title, unit.name, listed))
    return tuple(groups)


def _about(alert: Alert) -> str:
    return one_line(alert.page.make().brief) or alert.family.replace("-", " ")
