"""Where panels lead: the runbook page, the same query in Explore, the requests in the trace store, other boards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from watchbill import conventions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.model import Panel, Plan

Json = dict[str, Any]
TIME = {"from": "${__from}", "to": "${__to}"}
KEPT = ("datasource", "__from", "__to")
MOST = 3
"""Queries of a panel that its link to Explore carries: addresses have an end."""


def panel_links(plan: Plan, panel: Panel, variables: Iterable[str]) -> Iterator[Json]:
    """Yield the links of a panel's data."""
    if panel.runbook and plan.links.runbooks:
        yield runbook(plan, panel.runbook)
    if panel.board:
        uid = conventions.dashboard_uid(plan.service, panel.board)
        yield {"title": "Dashboard", "url": f"/d/{uid}?${{datasource:queryparam}}&${{__url_time_range}}"}
    if panel.traces and plan.links.traces:
        yield _traces(plan)
    if panel.queries:
        yield _explore(panel, tuple(variables))


def runbook(plan: Plan, alert: str) -> Json:
    """Return the link to an alert's page."""
    return {
        "title": f"Runbook: {alert}",
        "url": f"{plan.links.runbooks}/{conventions.runbook_page(alert)}",
        "targetBlank": True,
    }


def _explore(panel: Panel, variables: tuple[str, ...]) -> Json:
    queries = [
        {"refId": query.key, "expr": query.expr, "instant": query.instant, "range": not query.instant}
        for query in panel.queries
        if not query.reference
    ]
    pane = {"datasource": "${datasource}", "queries": queries[:MOST], "range": TIME}
    return {"title": "Explore", "url": _panes(pane, variables), "targetBlank": True}


def _panes(pane: Json, variables: tuple[str, ...] = ()) -> str:
    """Return the address of Explore; variables stay for Grafana to fill in, everything else is encoded."""
    text = quote(json.dumps({"watchbill": pane}, ensure_ascii=False, separators=(",", ":")), safe="")
    for name in KEPT:
        text = text.replace(quote(f"${{{name}}}", safe=""), f"${{{name}}}")
    # Longest first: `$agent` is the beginning of `$agent_version`.
    for name in sorted(variables, key=len, reverse=True):
        text = text.replace(quote(f"${name}", safe=""), f"${{{name}:pipe}}")
    return f"/explore?schemaVersion=1&panes={text}&orgId=1"


def _traces(plan: Plan) -> Json:
    links = plan.links
    title, url = "Traces", f"{links.traces}/search?service={quote(plan.service)}&start=${{__from}}000&end=${{__to}}000"
    if links.traces_kind == "tempo":
        search = {"refId": "traces", "queryType": "traceqlSearch", "query": "{}", "limit": 20}
        pane = {"datasource": links.traces_datasource, "queries": [search], "range": TIME}
        url = f"{links.traces}{_panes(pane)}"
    return {"title": title, "url": url, "targetBlank": True}


def by_field(head: str) -> Json:
    """Return the link to the dashboard whose uid stands in a column."""
    uid = f'${{__data.fields["{head}"]}}'
    return {"title": "Dashboard", "url": f"/d/{uid}?${{datasource:queryparam}}&${{__url_time_range}}"}


def by_alert(plan: Plan) -> Json:
    """Return the link to the page of the alert whose name the cell holds."""
    page = conventions.runbook_page("${__value.text}")
    return {"title": "Runbook", "url": f"{plan.links.runbooks}/{page}", "targetBlank": True}
