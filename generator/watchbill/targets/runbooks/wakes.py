"""Whom an alert wakes: its severity in the host's words, the receiver if one is named, and the team that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.knowledge.values import one_line

if TYPE_CHECKING:
    from watchbill.model import Alert, Plan


def level(plan: Plan, alert: Alert) -> str:
    """Return page, ticket or info; empty where the severity is none of the host's words for them."""
    word = dict(alert.labels).get(conventions.SEVERITY, "")
    return next((name for name, host in plan.routing.severities if host == word), "")


def wakes(plan: Plan, alert: Alert) -> str:
    """Return the sentence of the first screen."""
    labels, names = dict(alert.labels), {r.key: r.name for r in plan.routing.receivers}
    of = level(plan, alert)
    word = labels.get(conventions.SEVERITY, "")
    chosen = dict(plan.routing.overrides).get(labels.get(conventions.SLO, ""), of)
    receiver = names.get(chosen, "")
    parts = [f"{of} (severity {word})" if of and of != word else word or "no severity"]
    if receiver:
        parts.append(f"to {receiver}")
    if plan.owner:
        parts.append(f"answered by {one_line(plan.owner)}")
    return ", ".join(parts)
