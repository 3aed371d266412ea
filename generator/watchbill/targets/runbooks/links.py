"""Addresses a page links to. A group label's value stands as `%24agent`; `fill` says how the page writes it in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from watchbill import conventions, promql
from watchbill.durations import HOUR, format_duration
from watchbill.knowledge.values import label_filter

if TYPE_CHECKING:
    from watchbill.model import Alert, Links

PLAIN, QUOTED, NESTED = "plain", "quoted", "nested"
"""A value as it is; inside a quoted string of a query; inside a quoted string of a query inside of JSON."""


@dataclass(frozen=True, slots=True)
class Link:
    """A named address."""

    name: str
    url: str
    fill: str = PLAIN


@lru_cache(maxsize=2048)
def run(links: Links, expr: str) -> Link | None:
    """Return where a query is run: the Prometheus page, else Grafana's Explore on its default data source."""
    if links.prometheus:
        return Link("Run", f"{links.prometheus}/graph?g0.expr={_quoted(expr)}&g0.tab=1", QUOTED)
    if links.grafana:
        return Link("Run", _explore(links.grafana, {"refId": "A", "expr": expr}), NESTED)
    return None


def of_alert(links: Links, service: str, alert: Alert) -> tuple[Link, ...]:
    """Return the links of the first screen."""
    found = []
    if links.grafana and alert.board:
        values = "".join(f"&var-{conventions.variable(name)}=%24{name}" for name in alert.page.group_labels)
        uid = conventions.dashboard_uid(service, alert.board)
        found.append(Link("Dashboard", f"{links.grafana}/d/{uid}?from=now-6h&to=now{values}"))
    if links.traces:
        found.append(_traces(links, service, alert.page.slower_than))
    if links.alertmanager:
        chosen = _quoted(label_filter(alert, service))
        found.append(Link("Alert", f"{links.alertmanager}/#/alerts?filter={chosen}", QUOTED))
        found.append(Link("Silence", f"{links.alertmanager}/#/silences/new?filter={chosen}", QUOTED))
    return tuple(found)


def _traces(links: Links, service: str, slower_than: int) -> Link:
    name = "Slow traces" if slower_than else "Failed traces"
    least = format_duration(slower_than) if slower_than % HOUR else f"{slower_than}ms"
    if links.traces_kind == "jaeger":
        which = (
            f"minDuration={least}"
            if slower_than
            else f"tags={_quoted(json.dumps({'error': 'true'}, separators=(',', ':')))}"
        )
        return Link(name, f"{links.traces}/search?service={_quoted(service)}&lookback=1h&limit=20&{which}")
    condition = f"duration > {least}" if slower_than else "status = error"
    query = f"{{ resource.service.name = {promql.quote(service)} && {condition} }}"
    source = {"type": "tempo", "uid": links.traces_datasource}
    asked = {"refId": "A", "datasource": source, "queryType": "traceql", "query": query, "limit": 20}
    return Link(name, _explore(links.traces, asked, links.traces_datasource))


def _explore(grafana: str, query: dict[str, Any], datasource: str = "") -> str:
    pane: dict[str, Any] = {"queries": [query], "range": {"from": "now-1h", "to": "now"}}
    if datasource:
        pane = {"datasource": datasource, **pane}
    panes = json.dumps({"watchbill": pane}, ensure_ascii=False, separators=(",", ":"))
    return f"{grafana}/explore?schemaVersion=1&orgId=1&panes={_quoted(panes)}"


_FORBIDDEN = re.compile(r"[^A-Za-z0-9_.~-]+")


def _quoted(text: str) -> str:
    """Return the text percent-encoded; in runs, which is twice as fast as byte by byte."""
    return _FORBIDDEN.sub(lambda m: _escaped(m[0]), text)


@lru_cache(maxsize=4096)
def _escaped(run: str) -> str:
    return quote(run.encode("utf-8", "replace"), safe="")
