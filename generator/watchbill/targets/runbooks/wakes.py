"""Whom an alert wakes: its severity in the host's words, the receiver if one is named, and the team that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.knowledge.values import one_line
from watchbill.model import Fact

if TYPE_CHECKING:
    from watchbill.model import Alert, Plan


def level(plan: Plan, alert: Alert) -> str:
    """Return page, ticket or info; empty where the severity is none of the host's words for them."""
    word = dict(alert.labels).get(conventions.SEVERITY, "")
    return next((name for name, host in plan.routing.severities if host == word), "")


def wakes(plan: Plan, alert: Alert) -> Fact:
    """Return whom it wakes: the receiver if it is known, else the owner, else the severity."""
    labels, names = dict(alert.labels), {r.key: r.name for r in plan.routing.receivers}
    of, word = level(plan, alert), labels.get(conventions.SEVERITY, "")
    chosen = plan.routing.override(conventions.item(labels)) or of
    owner = one_line(plan.owner)
    severity = f"{of}, severity {word}" if of and of != word else word or "no severity"
    answers = f"; {owner} answers" if owner else ""
    if chosen in names:
        return Fact("Wakes", one_line(names[chosen]), severity + answers)
    return Fact("Wakes", owner, severity) if owner else Fact("Wakes", severity)
