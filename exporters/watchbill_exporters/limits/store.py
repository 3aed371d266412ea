"""What holds, on disk: a state is written before anybody is told that it is taken."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core import log
from watchbill_exporters.core.statefile import Layout, StateError, lock, save
from watchbill_exporters.limits.active import NOTHING, Active, Ended, Group, Holding

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = Layout("watchbill-limits-state", 1)
_log = log.logger(__name__)


class Store:
    """One file; whoever calls holds the desk's lock."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock: int | None = lock(file)

    def load(self) -> Active:
        """Return what the file holds. One that is damaged is set aside: repeats bring back what holds in minutes."""
        try:
            return _active(LAYOUT.load(self.file))
        except (StateError, KeyError, TypeError, ValueError) as error:
            aside = self.file.with_name(self.file.name + ".damaged")
            self.file.replace(aside)
            _log.error("state set aside, limits come back with repeats", state=str(aside), error=str(error))
            return NOTHING

    def save(self, active: Active) -> None:
        """Replace the file as a whole. Raises OSError, and leaves the old one."""
        save(self.file, LAYOUT.dump(_payload(active)))

    def close(self) -> None:
        """Let another process have it."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None


def _payload(active: Active) -> dict[str, Any]:
    return {
        "holding": [
            {"limit": limit, "group": dict(group), "started": one.started, "since": one.since, "expires": one.expires}
            for (limit, group), one in active.holding.items()
        ],
        "ended": [
            {"limit": limit, "group": dict(group), "until": one.until, "at": one.at}
            for (limit, group), one in active.ended.items()
        ],
    }


def _active(payload: dict[str, Any]) -> Active:
    def key(row: dict[str, Any]) -> tuple[str, Group]:
        return str(row["limit"]), tuple((str(name), str(value)) for name, value in row["group"].items())

    holding = {
        key(row): Holding(float(row["started"]), float(row["since"]), float(row["expires"]))
        for row in payload.get("holding", ())
    }
    ended = {key(row): Ended(float(row["until"]), float(row["at"])) for row in payload.get("ended", ())}
    return Active(holding, ended)
