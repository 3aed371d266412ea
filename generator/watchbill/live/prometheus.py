"""Prometheus' API, as far as a drill asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Container

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

    def broken(self, groups: Container[str]) -> list[str]:
        """Return what rules of these groups that do not evaluate say."""
        found = self._data("/api/v1/rules", {})["groups"]
        mine = [rule for group in found if group["name"] in groups for rule in group["rules"]]
        return [f"{rule['name']}: {rule['lastError']}" for rule in mine if rule.get("lastError")]

    def has_data(self, expr: str) -> bool:
        """Whether a query has a result now."""
        found = self._data("/api/v1/query", {"query": expr})
        return bool(found["result"])

    def over_time(
        self, expr: str, start: float, end: float, step: float
    ) -> list[tuple[Labels, list[tuple[float, float]]]]:
        """Return a query's series with their samples, (Unix seconds, value), at each step from `start` on."""
        asked = {"query": expr, "start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:.3f}"}
        rows = self._data("/api/v1/query_range", asked)["result"]
        return [(row["metric"], [(float(at), float(value)) for at, value in row["values"]]) for row in rows]

    def _data(self, path: str, parameters: dict[str, str]) -> Any:
        body = self._site.get(path, parameters)
        if not isinstance(body, dict) or "data" not in body:
            raise LiveError(f"{self._site.url} does not answer as Prometheus does: is the URL right?")
        return body["data"]
