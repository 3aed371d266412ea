"""One file that is followed by its descriptor, so that a rename does not lose it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from watchbill_exporters.core.records.lines import Cut, cut
from watchbill_exporters.core.records.position import Position, fits, mark

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Batch:
    """Lines, and the position once they are counted: both must be taken together."""

    position: Position
    lines: tuple[bytes, ...] = ()
    too_long: int = 0
    truncated: bool = False


@dataclass
class Followed:
    """An open file. `position` is what was committed; reading does not move it."""

    descriptor: int
    position: Position
    gone_at: float | None = None

    @property
    def unread(self) -> int:
        return max(0, os.fstat(self.descriptor).st_size - self.position.offset)

    def read(self, cap: int) -> Batch | None:
        """Return the next lines, or None when nothing whole is there. Raises OSError."""
        size = os.fstat(self.descriptor).st_size
        at = self.position
        truncated = not fits(self.descriptor, at)
        if truncated:
            at = replace(at, offset=0, skipping=False, mark="")
        data = os.pread(self.descriptor, cap + CHUNK, at.offset) if size > at.offset else b""
        found = cut(data, cap, skipping=at.skipping)
        if not found.taken and not truncated:
            return None
        return Batch(self._after(at, found), found.lines, found.too_long, truncated)

    def rest(self, cap: int) -> Batch | None:
        """Return the last line of a file that nobody writes to any more, though it has no newline."""
        data = os.pread(self.descriptor, cap + CHUNK, self.position.offset)
        if not data or b"\n" in data:
            return None
        found = cut(data + b"\n", cap, skipping=self.position.skipping)
        return Batch(self._after(self.position, replace(found, taken=len(data))), found.lines, found.too_long)

    def close(self) -> None:
        os.close(self.descriptor)

    def _after(self, at: Position, found: Cut) -> Position:
        offset = at.offset + found.taken
        return replace(at, offset=offset, skipping=found.skipping, mark=mark(self.descriptor, offset))


def open_file(path: Path) -> Followed | None:
    """Open a regular file at its start; None for anything else, such as a pipe. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        return None
    return Followed(descriptor, Position(str(path), found.st_ino))
