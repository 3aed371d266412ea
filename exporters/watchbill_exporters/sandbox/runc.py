"""Containers of an OCI runtime (runc, crun's layout differs), by its state directory, looked at several times a second.

No daemon tells of them: what lives shorter than one look is missed, and how one ended is not known.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from watchbill_exporters.core import log
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.core.fields import Duration, TargetSection
from watchbill_exporters.sandbox.ledger import Ledger, Live, Sandbox
from watchbill_exporters.sandbox.moments import moment
from watchbill_exporters.sandbox.pools import Facts
from watchbill_exporters.sandbox.source import LiveSource

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.sandbox.hub import Hub

MOST_BYTES = 4 * 1024 * 1024
LATE = 10
"""Looks that may fail or be late before what is there counts as unknown."""
_log = log.logger(__name__)


class RuncSection(TargetSection):
    """A state directory, which must be readable."""

    kind: Literal["runc"]
    root: Path = Field(Path("/run/runc"), description="As in `runc --root`; Docker: /run/docker/runtime-runc/moby.")
    every: Duration = Field(0.25, description="How often it is looked at; sandboxes that live shorter are missed.")
    runtime: str = Field("runc", max_length=128, description="What the label `runtime` says.")


@dataclass(frozen=True)
class RuncConfig:
    name: str
    root: Path
    every: float
    runtime: str


@dataclass(frozen=True)
class Container:
    """One container as its files tell: `process` is (pid, start time in clock ticks) of its first process."""

    pool: str
    created: float
    process: tuple[int, int]


@dataclass(frozen=True)
class Look:
    """One look at the directory."""

    at: float
    running: frozenset[str]
    starting: frozenset[str]


class RuncClient:
    """Begins to look at the first read."""

    def __init__(self, hub: Hub, config: RuncConfig) -> None:
        self._hub, self._config = hub, config
        self.ledger = Ledger(hub.tally)
        self._known: dict[str, Container] = {}
        self._last: Look | None = None
        self._fault: OSError | None = None
        self._stop = Event()
        self._thread: Thread | None = None
        self._began = time.time()

    @property
    def _part(self) -> str:
        return f"runc {self._config.name}"

    def read(self, _: Deadline) -> Live:
        """Return what the last look saw. Raises ScrapeError, OSError."""
        if self._thread is None:
            with self._hub.tally.lock:
                if not self._hub.keeper.join(self._part, self):
                    self.ledger.synced = self._began
            self.look()
            self._thread = Thread(target=self._watch, name=f"look at {self._config.name}", daemon=True)
            self._thread.start()
        fault, last = self._fault, self._last
        if fault is not None:
            raise fault
        if last is None or time.time() - last.at > LATE * self._config.every + 1:
            raise ScrapeError(Reason.TIMEOUT, "the state directory has not been read for a while")
        with self._hub.tally.lock:
            starting = [(self._known[k].pool, self._config.runtime) for k in last.starting if k in self._known]
            return self.ledger.live(starting)

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
            self._hub.keeper.leave(self._part)

    def export(self) -> Any:
        """Return plain data for the state file."""
        return self.ledger.export()

    def restore(self, data: Any) -> None:
        """Take what `export` returned."""
        self.ledger.restore(data)

    def look(self) -> None:
        """Look once, and count what has changed."""
        try:
            seen = self._look()
        except OSError as error:
            self._fault = error
            return
        self._fault = None
        with self._hub.tally.lock:
            self._take(seen)
            self._last = seen

    def _watch(self) -> None:
        while not self._stop.wait(self._config.every):
            self.look()

    def _look(self) -> Look:
        at = time.time()
        running: set[str] = set()
        starting: set[str] = set()
        names = {entry.name for entry in os.scandir(self._config.root) if entry.is_dir(follow_symlinks=False)}
        self._known = {key: found for key, found in self._known.items() if key in names}
        for key in names:
            found = self._known.get(key) or self._read(key)
            if found is None:
                continue
            self._known[key] = found
            if not found.pool or not _lives(found.process):
                continue
            (starting if (self._config.root / key / "exec.fifo").exists() else running).add(key)
        return Look(at, frozenset(running), frozenset(starting))

    def _read(self, key: str) -> Container | None:
        """Return a container; None while its state is not whole, or is of a version that says other things."""
        try:
            with (self._config.root / key / "state.json").open("rb") as handle:
                state = json.loads(handle.read(MOST_BYTES))
            labels = dict(pair.partition("=")[::2] for pair in state["config"].get("labels") or ())
            created = moment(state["created"])
            process = (int(state["init_process_pid"]), int(state["init_process_start"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        path = labels.get("bundle") or str(state["config"].get("rootfs", ""))
        return Container(self._hub.pools.of(Facts(path=path, labels=labels)), created, process)

    def _take(self, seen: Look) -> None:
        before = self._last
        for key in seen.running - set(self.ledger):
            found = self._known[key]
            started = max(found.created, before.at if before is not None and key in before.starting else 0.0)
            fresh = before is not None or started > self.ledger.synced
            one = Sandbox(found.pool, self._config.runtime, started, max(started, self.ledger.synced))
            if self.ledger.start(key, one, counted=fresh) and fresh:
                self.ledger.waited(found.pool, started - found.created, "cold")
        for key in self.ledger:
            if key not in seen.running:
                self.ledger.end(key, seen.at, "other")
        self.ledger.charge(seen.at)
        self.ledger.synced = seen.at


def _lives(process: tuple[int, int]) -> bool:
    """Whether it is still the same process: numbers are used again."""
    try:
        text = Path(f"/proc/{process[0]}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    fields = text.rpartition(")")[2].split()
    return fields[0] != "Z" and int(fields[19]) == process[1]


@dataclass(frozen=True)
class RuncSource(LiveSource):
    """Registered in sandbox/__init__.py."""

    hub: Hub
    kind: str = "runc"
    section: type[RuncSection] = RuncSection

    def resolve(self, section: RuncSection, resolver: Resolver) -> RuncConfig:
        return RuncConfig(section.name, resolver.path(section.root), section.every, section.runtime)

    def connect(self, config: RuncConfig) -> RuncClient:
        return RuncClient(self.hub, config)
