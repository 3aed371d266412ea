"""What fills the placeholders of knowledge on one alert's page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.promql import quote

if TYPE_CHECKING:
    from watchbill.model import Alert, Content, Plan


def values(plan: Plan, alert: Alert, content: Content) -> dict[str, str]:
    """Return the values; a placeholder without one is not among them."""
    page, labels = alert.page, dict(alert.labels)
    found = {
        "alert": alert.name,
        "title": one_line(page.title) or alert.name,
        "service": plan.service,
        "owner": one_line(plan.owner) or plan.service,
        "slo": labels.get(conventions.SLO, ""),
        **dict(content.values),
    }
    groups = [f'{name}="${name}"' for name in page.group_labels]
    found["where"] = ",".join(filter(None, (found.get("scope", ""), *groups)))
    return {k: v for k, v in found.items() if v}


@lru_cache(maxsize=4096)
def one_line(text: str) -> str:
    """Return text on one line: titles come from anywhere."""
    return (
        " ".join(text.split())
        if text.isprintable()
        else " ".join("".join(c if c.isprintable() else " " for c in text).split())
    )


def label_filter(alert: Alert, service: str) -> str:
    """Return the matchers that select this alert, for Alertmanager: name, our marker and the group it fired for."""
    pairs = [("alertname", alert.name), (conventions.MARKER, service)]
    groups = [f'{name}="${name}"' for name in alert.page.group_labels]
    return "{" + ",".join([*(f"{k}={quote(v)}" for k, v in pairs), *groups]) + "}"
