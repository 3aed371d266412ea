"""Prometheus' API, as far as a drill asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill.errors import LiveError

if TYPE_CHECKING:
    from watchbill.live.http import Site

Labels = dict[str, str]


@dataclass(frozen=True, slots=True)
class Active:
    """An alert that is pending or firing."""

    labels: Labels
    annotations: Labels
    firing: bool


class Prometheus:
    """Asks one Prometheus."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def alerts(self) -> list[Active]:
        """Return the active alerts."""
        found = self._data("/api/v1/alerts", {})["alerts"]
        return [Active(a["labels"], a["annotations"], a["state"] == "firing") for a in found]

    def broken(self) -> list[str]:
        """Return what rules that do not evaluate say."""
        groups = self._data("/api/v1/rules", {})["groups"]
        return [f"{r['name']}: {r['lastError']}" for g in groups for r in g["rules"] if r.get("lastError")]

    def has_data(self, expr: str) -> bool:
        """Whether a query has a result now."""
        found = self._data("/api/v1/query", {"query": expr})
        return bool(found["result"])

    def _data(self, path: str, parameters: dict[str, str]) -> Any:
        body = self._site.get(path, parameters)
        if not isinstance(body, dict) or "data" not in body:
            raise LiveError(f"{self._site.url} does not answer as Prometheus does: is the URL right?")
        return body["data"]
