"""Links that lead somewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from watchbill.diagnostics import Code, Severity
from watchbill.lint.dashboards.context import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.lint.dashboards.context import Dashboard
    from watchbill.lint.dashboards.positions import Path

BROKEN_LINK = Code(
    "WB623",
    "Link that leads nowhere",
    "At night a dead link costs the minutes it was to save.",
    "Give an address that begins with http://, https://, / or a variable, and the uid of a dashboard that exists.",
    Severity.WARNING,
)
CODES = (BROKEN_LINK,)

_ADDRESS = re.compile(r"https?://[^\s/]+\S*|/\S*|\$\{?\w+\S*")
_DASHBOARD = re.compile(r"/d/([A-Za-z0-9_-]+)(?:[/?#].*)?", re.DOTALL)


def links(dashboard: Dashboard) -> Iterator[Finding]:
    """Links of dashboards, panels and fields have addresses; those to dashboards name one that exists."""
    for path, link in _links(dashboard.data, ()):
        url, title = link.get("url"), link.get("title")
        if link.get("type") == "dashboards":
            if not link.get("tags"):
                yield _finding(dashboard, path, f"link '{title}' names no tag of dashboards")
        elif not isinstance(url, str) or not _ADDRESS.fullmatch(url):
            yield _finding(dashboard, (*path, "url"), f"link '{title}' has no address: {str(url or '')[:60]!r}")
        elif (match := _DASHBOARD.fullmatch(url)) and dashboard.known.uids and match[1] not in dashboard.known.uids:
            yield _finding(dashboard, (*path, "url"), f"link '{title}': no dashboard here has the uid '{match[1]}'")


def _finding(dashboard: Dashboard, path: Path, message: str) -> Finding:
    inside = (p for p in dashboard.panels if path[: len(p.path)] == p.path)
    return Finding(path, BROKEN_LINK, message, panel=next((p.title for p in inside), ""))


def _links(value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(value, dict):
        if value.get("id") == "links" and isinstance(value.get("value"), list):
            yield from (((*path, "value", i), v) for i, v in enumerate(value["value"]) if isinstance(v, dict))
            return
        for key, inner in value.items():
            if key == "links" and isinstance(inner, list):
                yield from (((*path, key, i), v) for i, v in enumerate(inner) if isinstance(v, dict))
            else:
                yield from _links(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _links(inner, (*path, i))


RULES = (links,)
