"""Where the traces behind an alert are found: a search for the service's failed ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from watchbill.model import Links

LOOKBACK = "1h"


def search_url(links: Links, service: str) -> str:
    """Return the address of a search for failed traces; empty where nobody said where traces are.

    Percent-encoded throughout, braces too, so that Prometheus takes none of it for a template.
    """
    if not links.traces:
        return ""
    if links.traces_kind == "jaeger":
        tags = quote(json.dumps({"error": "true"}, separators=(",", ":")), safe="")
        return f"{links.traces}/search?service={quote(service, safe='')}&lookback={LOOKBACK}&tags={tags}"
    query = {
        "refId": "A",
        "datasource": {"type": "tempo", "uid": links.traces_datasource},
        "queryType": "traceql",
        "query": f'{{ resource.service.name = "{service}" && status = error }}',
        "limit": 20,
    }
    pane = {
        "datasource": links.traces_datasource,
        "queries": [query],
        "range": {"from": f"now-{LOOKBACK}", "to": "now"},
    }
    panes = quote(json.dumps({"t": pane}, separators=(",", ":")), safe="")
    return f"{links.traces}/explore?schemaVersion=1&orgId=1&panes={panes}"
