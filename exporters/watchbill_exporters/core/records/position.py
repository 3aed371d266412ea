"""How far a file was read, and how to tell that it is still the same file."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Any

HEAD, NEAR = 256, 64  # bytes at the start, and before the offset


@dataclass(frozen=True)
class Position:
    """A place in a file. `mark` is a hash of what stands at its start and just before the offset.

    The inode alone will not do: it is used again for a new file, and it stays when a file is truncated and grows anew.
    The device is left out: it changes with a reboot or a remount.
    """

    path: str
    inode: int
    offset: int = 0
    skipping: bool = False
    mark: str = ""

    def export(self) -> list[Any]:
        return [self.path, self.inode, self.offset, self.skipping, self.mark]

    @classmethod
    def restore(cls, row: list[Any]) -> Position:
        path, inode, offset, skipping, mark = row
        return cls(str(path), int(inode), int(offset), bool(skipping), str(mark))


def mark(descriptor: int, offset: int) -> str:
    """Return the mark of a file that was read up to the offset. Raises OSError."""
    head = os.pread(descriptor, min(HEAD, offset), 0)
    near = os.pread(descriptor, min(NEAR, offset), max(0, offset - NEAR))
    return hashlib.sha256(b"%d %b %b" % (offset, head, near)).hexdigest()[:32]


def fits(descriptor: int, position: Position) -> bool:
    """Whether what was read before this position still stands there. Raises OSError."""
    size = os.fstat(descriptor).st_size
    return size >= position.offset and (position.offset == 0 or mark(descriptor, position.offset) == position.mark)
