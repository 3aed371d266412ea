"""The control API of a stack: where its parts are, the faults it knows, and what its receivers got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from watchbill.errors import LiveError

if TYPE_CHECKING:
    from watchbill.live.http import Site

Labels = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the stack can break, and the alerts that should fire then."""

    name: str
    about: str
    alerts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """One alert that came to a receiver, which is named by its key or its name; `at` in Unix seconds."""

    receiver: str
    firing: bool
    labels: Labels
    annotations: Labels
    at: float


class Control:
    """Asks and tells the control API. What does not have its form raises LiveError."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def urls(self) -> dict[str, str]:
        """Return the URLs of the parts by name."""
        found = self._site.get("/urls")
        missing = [name for name in ("prometheus", "alertmanager") if not isinstance(found, dict) or name not in found]
        if missing:
            raise LiveError(f"{self._site.url}/urls does not say where {' and '.join(missing)} is")
        return {name: str(url) for name, url in found.items()}

    def faults(self) -> list[Fault]:
        """Return the faults."""
        return [Fault(r["name"], r["about"], tuple(r["alerts"])) for r in self._rows("/faults", {})]

    def switch(self, fault: str, *, on: bool) -> None:
        """Switch a fault."""
        self._site.post(f"/faults/{quote(fault, safe='')}", {"on": on})

    def received(self, since: float) -> list[Received]:
        """Return what came to receivers since a time, Unix seconds."""
        rows = self._rows("/received", {"since": f"{since:.3f}"})
        return [
            Received(r["receiver"], r["status"] == "firing", r["labels"], r["annotations"], float(r["at"]))
            for r in rows
        ]

    def _rows(self, path: str, parameters: dict[str, str]) -> list[Any]:
        found = self._site.get(path, parameters)
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise LiveError(f"{self._site.url}{path} does not answer as a control API does: is the URL right?")
        return found
