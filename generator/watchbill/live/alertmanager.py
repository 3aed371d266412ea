"""Alertmanager's API, version 2: what it holds, who it would tell, and what it keeps quiet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from watchbill.errors import LiveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from watchbill.live.http import Site
    from watchbill.routetree import Matcher

Labels = dict[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """An active alert as Alertmanager holds it."""

    labels: Labels
    annotations: Labels
    fingerprint: str
    receivers: tuple[str, ...]
    inhibited_by: tuple[str, ...]
    silenced_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An alert to tell of. It ends by itself at `ends`, Unix seconds: a drill that dies leaves nothing behind."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    begins: float
    ends: float


class Alertmanager:
    """Asks and tells one Alertmanager."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def tell(self, alerts: Iterable[Told]) -> None:
        """Post alerts, as Prometheus does."""
        body = [
            {
                "labels": dict(one.labels),
                "annotations": dict(one.annotations),
                "startsAt": _stamp(one.begins),
                "endsAt": _stamp(one.ends),
            }
            for one in alerts
        ]
        self._site.post("/api/v2/alerts", body)

    def alerts(self, *matchers: Matcher) -> list[Held]:
        """Return the active alerts that match."""
        found = self._site.get("/api/v2/alerts", {"filter": [str(m) for m in matchers]})
        return [_held(row) for row in self._listed(found)]

    def groups(self, *matchers: Matcher) -> dict[str, set[str]]:
        """Return, by fingerprint, the receivers in whose groups an alert waits."""
        found: dict[str, set[str]] = {}
        for group in self._listed(self._site.get("/api/v2/alerts/groups", {"filter": [str(m) for m in matchers]})):
            for alert in group["alerts"]:
                found.setdefault(alert["fingerprint"], set()).add(group["receiver"]["name"])
        return found

    def _listed(self, found: Any) -> list[Any]:
        if not isinstance(found, list):
            raise LiveError(f"{self._site.url} does not answer as Alertmanager does: is the URL right?")
        return found


def _held(row: Any) -> Held:
    status = row["status"]
    return Held(
        row["labels"],
        row["annotations"],
        row["fingerprint"],
        tuple(r["name"] for r in row["receivers"]),
        tuple(status["inhibitedBy"]),
        tuple(status["silencedBy"]),
    )


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
