"""Keeps the tally and what belongs to it: all of one moment, written in one file."""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from watchbill_exporters.core import log
from watchbill_exporters.core.memory import state_file
from watchbill_exporters.core.memory.state_file import StateError
from watchbill_exporters.core.memory.tally.family import Kind
from watchbill_exporters.core.statefile import lock

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill_exporters.core.memory.catalogue import Catalogue
    from watchbill_exporters.core.memory.tally import Tally

_log = log.logger(__name__)


class Part(Protocol):
    """Something that must fit the counters: positions, open streams."""

    def export(self) -> Any:
        """Return plain data that does not change later; the tally's lock is held."""

    def restore(self, data: Any) -> None: ...


class Keeper:
    """Parts join when their feed connects, which is after the state was opened, if there is one."""

    def __init__(self, tally: Tally, catalogue: Catalogue) -> None:
        self._tally, self._families, self._of = tally, catalogue.state, catalogue.prefix
        # other gauges tell of the present: after a restart they would be lies until they are set again
        self._kept = {f.name for f in catalogue.families if f.kind is not Kind.GAUGE} | catalogue.kept
        self._parts: dict[str, Part] = {}
        self._waiting: dict[str, Any] = {}
        self._file: Path | None = None
        self._lock_file: int | None = None
        self._saving = Lock()
        self._ending = False

    @property
    def is_open(self) -> bool:
        return self._file is not None

    def open(self, file: Path) -> None:
        """Take what the file holds. Raises StateError."""
        if self._parts:
            raise StateError("can be taken at a start only", "Restart the exporter.")
        lock_file = lock(file)
        try:
            payload = state_file.load(file, self._of)
            with self._tally.lock:
                left_out = self._tally.restore({n: r for n, r in payload.get("tally", {}).items() if n in self._kept})
            self._waiting = dict(payload.get("parts", {}))
        except StateError:
            os.close(lock_file)
            raise
        except Exception as error:
            os.close(lock_file)
            raise StateError(f"does not fit: {type(error).__name__}") from error
        if left_out:
            _log.warning("series left out of the state: their families have changed", series=left_out)
        self._file, self._lock_file, self._ending = file, lock_file, False

    def join(self, name: str, part: Part) -> bool:
        """Give a part what was kept of it; return whether there was anything."""
        with self._tally.lock:
            self._parts[name] = part
            if name not in self._waiting:
                return False
            try:
                part.restore(self._waiting.pop(name))
            except Exception as error:
                raise StateError(f"does not fit: {name}: {type(error).__name__}") from error
            return True

    def leave(self, name: str) -> None:
        """Keep what a part holds for the time when it joins again."""
        with self._tally.lock:
            if (part := self._parts.pop(name, None)) is not None:
                self._waiting[name] = part.export()
        if self._ending and not self._parts:
            self._close()

    def save(self) -> bool:
        """Write the state; return whether it is on disk. Without a state file nothing happens."""
        if self._file is None:
            return True
        with self._saving:
            with self._tally.lock:
                parts = self._waiting | {name: part.export() for name, part in self._parts.items()}
                payload = {"tally": self._counters(), "parts": parts}
            try:
                state_file.save(self._file, state_file.dump(payload, self._of))
            except OSError as error:
                self._tally.add(self._families.writes, ("error",))
                _log.error("state not written, counting goes on in memory", error=error.strerror or str(error))
                return False
            self._tally.add(self._families.writes, ("ok",))
            self._tally.put(self._families.time, (), self._tally.tick())
            return True

    def end(self) -> None:
        """Let go of the file: now, or when the last part has left and was saved."""
        self._ending = True
        if not self._parts:
            self._close()

    def _close(self) -> None:
        if self._lock_file is not None:
            os.close(self._lock_file)
        self._file = self._lock_file = None

    def _counters(self) -> dict[str, Any]:
        return {name: rows for name, rows in self._tally.export().items() if name in self._kept}
