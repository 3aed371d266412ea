"""What identifies a dashboard and its panels, and where panels stand."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from watchbill.diagnostics import Code, Severity
from watchbill.lint.dashboards.context import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.dashboards.context import Dashboard, Panel

NO_UID = Code(
    "WB601",
    "Dashboard without a usable uid",
    "Links and alerts name a dashboard by its uid. Without one Grafana makes one up, another in every installation.",
    "Give it a `uid` of at most 40 letters, digits, `-` and `_`.",
)
BAD_ID = Code(
    "WB602",
    "Panel without an id of its own",
    "Links to a panel and its alerts name it by its id; two panels of one id are one to them.",
    "Give each panel an `id` that is used once, and keep it when the panel moves.",
)
EDITABLE = Code(
    "WB603",
    "Provisioned dashboard that can be edited",
    "Changes made in Grafana are lost with the next deployment: better that they cannot be made.",
    "Set `editable` to false.",
    Severity.WARNING,
)
DEAD_TYPE = Code(
    "WB604",
    "Panel type that Grafana no longer draws",
    "Grafana 12 has no Angular: such a panel shows an error.",
    "Use timeseries for graph, stat for singlestat, table for table-old, geomap for worldmap.",
)
OVERLAP = Code(
    "WB605",
    "Panels that overlap, or stand outside the grid",
    "Grafana pushes such panels about when the dashboard is opened: what was placed with care is somewhere else.",
    "Give each panel a `gridPos` inside 24 columns that no other panel touches.",
)
CODES = (NO_UID, BAD_ID, EDITABLE, DEAD_TYPE, OVERLAP)

UID = re.compile(r"[A-Za-z0-9_-]{1,40}")
COLUMNS = 24
DEAD = frozenset(
    {"graph", "singlestat", "table-old", "grafana-singlestat-panel", "grafana-worldmap-panel", "grafana-piechart-panel"}
)


def uid(dashboard: Dashboard) -> Iterator[Finding]:
    """Dashboards have a uid."""
    found = dashboard.data.get("uid")
    if not isinstance(found, str) or not UID.fullmatch(found):
        yield Finding(("uid",), NO_UID, f"{found!r} is no uid" if found else "the dashboard has no uid")


def ids(dashboard: Dashboard) -> Iterator[Finding]:
    """Panels have ids of their own."""
    seen: dict[int, str] = {}
    for panel in dashboard.panels:
        found = panel.data.get("id")
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            yield panel.says(BAD_ID, f"panel '{panel.title}' has no id", "id")
        elif found in seen:
            yield panel.says(BAD_ID, f"panel '{panel.title}' has the id of '{seen[found]}'", "id")
        else:
            seen[found] = panel.title


def editable(dashboard: Dashboard) -> Iterator[Finding]:
    """Provisioned dashboards cannot be edited."""
    if dashboard.data.get("editable") is not False:
        yield Finding(("editable",), EDITABLE, "the dashboard can be edited in Grafana")


def dead_types(dashboard: Dashboard) -> Iterator[Finding]:
    """Panels are of types that are still drawn."""
    for panel in dashboard.panels:
        if panel.kind in DEAD or not panel.kind:
            yield panel.says(DEAD_TYPE, f"panel '{panel.title}' is of type '{panel.kind}'", "type")


def overlap(dashboard: Dashboard) -> Iterator[Finding]:
    """Panels stand side by side."""
    placed = []
    for panel in dashboard.panels:
        box = _box(panel)
        if box is None:
            yield panel.says(OVERLAP, f"panel '{panel.title}' has no place in the grid", "gridPos")
        else:
            placed.append((panel, box))
    for (one, (x, y, right, bottom)), (other, (x2, y2, right2, bottom2)) in combinations(placed, 2):
        if len(one.path) == len(other.path) and x < right2 and x2 < right and y < bottom2 and y2 < bottom:
            yield other.says(OVERLAP, f"panel '{other.title}' overlaps '{one.title}'", "gridPos")


def _box(panel: Panel) -> tuple[int, int, int, int] | None:
    grid = panel.data.get("gridPos")
    if not isinstance(grid, dict):
        return None
    x, y, w, h = (grid.get(k) for k in "xywh")
    if not (isinstance(x, int) and isinstance(y, int) and isinstance(w, int) and isinstance(h, int)):
        return None
    return (x, y, x + w, y + h) if x >= 0 and y >= 0 and w > 0 and h > 0 and x + w <= COLUMNS else None


RULES = (uid, ids, editable, dead_types, overlap)
