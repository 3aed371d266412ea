"""Whether what an alert links to is there: its runbook page is served, and its dashboard shows data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.errors import LiveError
from watchbill.live.http import Site
from watchbill.model import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from watchbill.live.prometheus import Prometheus
    from watchbill.model import Alert, Panel, Plan

GRAFANA = {"__rate_interval": "5m", "__interval": "1m", "__range": "6h"}
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?::\w+)?\}|([A-Za-z_]\w*))")  # not the `$1` of label_replace
ROWS = (Row.VERDICT, Row.LEVEL)
"""A healthy objective may have nothing to show in other rows."""
NO_DATA = "no data"


def runbook(alert: Alert, annotations: Mapping[str, str], base: str) -> Iterator[str]:
    """Yield a problem if the page is not served under `base`; where nobody says what that is, under its own URL."""
    url = annotations.get("runbook_url", "")
    if not url:
        return
    page = conventions.runbook_page(alert.name)
    where = base or url.split("?", 1)[0].rsplit("/", 1)[0]
    try:
        text = Site("the runbook site", where).text(f"/{page}")
    except LiveError as exc:
        yield f"its runbook page is not there: {exc}"
        return
    if alert.name not in text:
        yield f"{where}/{page} is not the page of {alert.name}"


def dashboard(plan: Plan, alert: Alert, server: Prometheus) -> Iterator[str]:
    """Yield a problem for each panel without data among those that say how good the alert's objective is."""
    for panel in plan.panels().get(alert.board, ()):
        asked = [query for query in panel.queries if not query.reference]
        try:
            if _always_has_data(panel) and asked and not any(server.has_data(filled(query.expr)) for query in asked):
                yield f"panel '{panel.title}' of its dashboard has no data"
        except LiveError as exc:
            yield f"panel '{panel.title}' of its dashboard cannot be asked: {exc}"


def _always_has_data(panel: Panel) -> bool:
    """Whether it is empty only when something is wrong: one that may be empty has words for it."""
    return panel.row in ROWS and panel.empty == NO_DATA


def filled(expr: str) -> str:
    """Return a panel's query as Grafana sends it when every variable is All."""
    return _VARIABLE.sub(lambda m: GRAFANA.get(m[1] or m[2], ".*"), expr)
