"""Logs of JSON lines, as exporters follow them."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 4 << 20


class Lines:
    """A log that is renamed to `.1` when it is full; whoever follows it must match both names."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES, *, stamped: bool = True) -> None:
        """Open it; `stamped` lines begin with the time."""
        self._path, self._most, self._stamped = path, most_bytes, stamped
        self._file = -1
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open()

    def write(self, **fields: Any) -> None:
        """Append one line in one write; what comes after the end is not logged."""
        if self._file < 0:
            return
        time_first = {"ts": round(time.time(), 3)} if self._stamped else {}
        text = json.dumps({**time_first, **fields}).encode() + b"\n"
        if self._size + len(text) > self._most:
            os.close(self._file)
            self._path.replace(self._path.with_name(self._path.name + ".1"))
            self._open()
        os.write(self._file, text)
        self._size += len(text)

    def close(self) -> None:
        os.close(self._file)
        self._file = -1

    def _open(self) -> None:
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._size = os.fstat(self._file).st_size
