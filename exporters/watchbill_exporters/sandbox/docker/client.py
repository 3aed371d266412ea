"""One daemon: its list at each scrape, its events in between."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import PurePosixPath
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core import log
from watchbill_exporters.core.errors import ScrapeError
from watchbill_exporters.sandbox.docker.api import Api
from watchbill_exporters.sandbox.docker.events import Events
from watchbill_exporters.sandbox.ledger import Ledger, Live, Sandbox
from watchbill_exporters.sandbox.moments import moment
from watchbill_exporters.sandbox.pools import Facts

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.sandbox.docker import api
    from watchbill_exporters.sandbox.hub import Hub

PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)
FOR_DETAILS = 0.5
"""Share of the time left that may be spent on asking for the start times of containers that no event told of."""
UNDER_WAY = 2.0
"""How long the event of an end may take, seconds: Podman writes it once it has cleaned up."""
_log = log.logger(__name__)


@dataclass(frozen=True)
class DockerConfig:
    """Which daemon, by which name; `runtime` empty: as the daemon says."""

    name: str
    socket: Path
    runtime: str = ""


class DockerClient:
    """Begins at the first read; what it knows is kept in the state, if there is one."""

    def __init__(self, hub: Hub, config: DockerConfig) -> None:
        self._hub, self._config = hub, config
        self._api = Api(config.socket)
        self.ledger = Ledger(hub.tally)
        self.events = Events(hub, self.ledger, config.runtime)
        self._missing: dict[str, float] = {}
        self._confirmed: frozenset[str] = frozenset()
        self._stop = Event()
        self._stream: api.Events | None = None
        self._thread: Thread | None = None
        self._began = time.time()

    @property
    def _part(self) -> str:
        return f"docker {self._config.name}"

    def read(self, deadline: Deadline) -> Live:
        """Return what is there. Raises ScrapeError, OSError."""
        if not self.events.runtime:
            named = str(self._api.info(deadline.left()).get("DefaultRuntime") or "docker")
            self.events.runtime = PurePosixPath(named).name  # Podman gives a path where one is set
        self._begin()
        self._confirmed = frozenset()
        at = time.time()
        listed = {str(c.get("Id", "")): c for c in self._api.running(deadline.left())}
        unknown = {k: c for k, c in listed.items() if k not in self.ledger}
        started = self._started(unknown, deadline)
        with self._hub.tally.lock:
            self._sync(listed, started, at)
            return self.ledger.live()

    def close(self) -> None:
        """End the stream; counters stay, and the table goes to the state."""
        self._stop.set()
        if (stream := self._stream) is not None:
            stream.close()
        if self._thread is not None:
            self._thread.join(5)
            self._hub.no_more(self._charge)
            self._hub.keeper.leave(self._part)

    def export(self) -> dict[str, Any]:
        """Return plain data for the state file."""
        return {"ledger": self.ledger.export(), "last": self.events.last}

    def restore(self, data: dict[str, Any]) -> None:
        """Take what `export` returned."""
        self.ledger.restore(data["ledger"])
        self.events.last = int(data["last"])

    def _begin(self) -> None:
        if self._thread is not None:
            return
        with self._hub.tally.lock:
            if not self._hub.keeper.join(self._part, self):
                self.ledger.synced = self._began
                self.events.last = int(self._began * 1e9)
            self._hub.before(self._charge)
        self._thread = Thread(target=self._follow, name=f"events of {self._config.name}", daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        failed = 0
        while not self._stop.is_set():
            with suppress(OSError, HTTPException, ScrapeError):
                self._stream = self._api.events(self.events.last / 1e9)
                failed = 0
                for event in self._stream:
                    with self._hub.tally.lock:
                        self.events.take(event)
                    if self._stop.is_set():
                        return
            self._stream = None
            self._stop.wait(PAUSES[min(failed, len(PAUSES) - 1)])
            failed += 1

    def _started(self, unknown: dict[str, dict[str, Any]], deadline: Deadline) -> dict[str, float]:
        """Return when containers came up; where there is no time to ask, when they were created."""
        found = {}
        spare = deadline.within(deadline.left() * FOR_DETAILS)
        for key, listed in unknown.items():
            found[key] = float(listed.get("Created") or 0.0)
            if not spare.over and (shown := self._api.container(key, spare.left())) is not None:
                began = moment(str(shown.get("State", {}).get("StartedAt", "")))
                found[key] = began or found[key]
        return found

    def _sync(self, listed: dict[str, dict[str, Any]], started: dict[str, float], at: float) -> None:
        """Events come first; the list finds what they missed. One that ended while we asked is not taken again."""
        for key, since in started.items():
            ended = self.events.ended.get(key, 0.0)
            pool = self._pool(listed[key])
            if pool and since > ended:
                paused = listed[key].get("State") == "paused"
                self.ledger.found(key, Sandbox(pool, self.events.runtime, since, since, paused=paused))
        gone = {key for key in self.ledger if key not in listed}
        self._missing = {key: self._missing.get(key, at) for key in gone}
        for key, since in self._missing.items():
            if at - since >= UNDER_WAY:
                self.ledger.lost(key)
        self.ledger.charge(at, listed)
        self.ledger.synced = at
        self._confirmed = frozenset(listed)

    def _charge(self) -> None:
        """Whoever reads the counters sees them of this moment, unless the daemon did not answer the last time."""
        if self._stream is not None and self._confirmed:
            self.ledger.charge(time.time(), self._confirmed)

    def _pool(self, listed: dict[str, Any]) -> str:
        labels = {str(k): str(v) for k, v in (listed.get("Labels") or {}).items()}
        return self._hub.pools.of(Facts(image=str(listed.get("Image", "")), labels=labels))
