"""Follows the files of some globs through every kind of rotation."""

from __future__ import annotations

import glob
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.records.follow import Batch, Followed, open_file
from watchbill_exporters.core.records.position import Position, fits, mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_FILES = 500
LINGER = 10.0  # seconds a renamed file is still read: its writer may not have opened the new one yet
TICK_BYTES = 8 * 1024 * 1024
COMPRESSED = (".gz", ".bz2", ".xz", ".zst", ".lz4")


@dataclass(frozen=True)
class TailConfig:
    """`existing`: read what was there before the first look, or only what comes after it."""

    patterns: tuple[str, ...] = ()
    line_limit: int = 256 * 1024
    existing: bool = True


class Tail:
    """One thread calls `batches`; after each batch it was given, it calls `commit` under the lock of the counters."""

    def __init__(self, config: TailConfig) -> None:
        self.config = config
        self.events: Counter[str] = Counter(dict.fromkeys(("renamed", "truncated", "unreadable", "too_many"), 0))
        self.unread = 0
        self._followed: dict[tuple[int, int], Followed] = {}
        self._saved: list[Position] = []
        self._looked = False

    @property
    def files(self) -> int:
        return len(self._followed)

    def batches(self, now: float) -> Iterator[tuple[Followed, Batch]]:
        """Yield what is new, at most some megabytes; in turn, so that one busy file does not starve the others."""
        self._discover(now)
        budget, busy = TICK_BYTES, list(self._followed.items())
        while busy and budget > 0:
            still = []
            for key, followed in busy:
                before = followed.position.offset
                batch = self._read(followed)
                if batch is not None:
                    yield followed, batch
                    budget -= max(1, followed.position.offset - before)
                    still.append((key, followed))
                    if followed.gone_at is not None:
                        followed.gone_at = now  # its writer still has it open
                elif followed.gone_at is not None and now - followed.gone_at >= LINGER:
                    yield from self._finish(key, followed)
            busy = still
        self.unread = sum(followed.unread for followed in self._followed.values())

    def commit(self, followed: Followed, batch: Batch) -> None:
        followed.position = batch.position
        self.events["truncated"] += batch.truncated

    def export(self) -> list[Any]:
        open_files = [followed.position.export() for followed in self._followed.values()]
        return open_files + [position.export() for position in self._saved]

    def restore(self, rows: Iterable[list[Any]]) -> None:
        self._saved = [Position.restore(row) for row in rows][-MOST_FILES:]

    def adopt(self, config: TailConfig) -> None:
        """Follow other files; a file that no glob matches any more is read to its end."""
        if config.patterns != self.config.patterns:
            self._looked = False
        self.config = config

    def close(self) -> None:
        """Let go of the files; what was committed of them is kept for the next look."""
        self._saved += [followed.position for followed in self._followed.values()]
        for followed in self._followed.values():
            followed.close()
        self._followed.clear()

    def _discover(self, now: float) -> None:
        names = {name for pattern in self.config.patterns for name in glob.iglob(pattern, recursive=True)}  # noqa: PTH207 - absolute patterns have no root
        seen = {key for name in sorted(names) if not name.endswith(COMPRESSED) and (key := self._look(Path(name)))}
        for key, followed in self._followed.items():
            if key in seen:
                followed.gone_at = None
            elif followed.gone_at is None:
                followed.gone_at = now
                self.events["renamed"] += 1
        if not self._looked:
            self._looked = True
            self._look_for_renamed(now)

    def _look(self, path: Path) -> tuple[int, int] | None:
        try:
            found = path.stat()
        except OSError:
            return None
        key = (found.st_dev, found.st_ino)
        if key in self._followed:
            return key
        if len(self._followed) >= MOST_FILES:
            self.events["too_many"] += 1
            return None
        followed = self._open(path)
        if followed is None:
            return None
        followed.position = self._start(followed)
        self._followed[key] = followed
        return key

    def _open(self, path: Path) -> Followed | None:
        try:
            return open_file(path)
        except OSError:
            self.events["unreadable"] += 1
            return None

    def _start(self, followed: Followed) -> Position:
        """Return where to go on: where we were in this very file, or at its start, or at its end."""
        fresh = followed.position
        same_inode = [known for known in self._saved if known.inode == fresh.inode]
        same_path = [known for known in self._saved if known.path == fresh.path and known.offset]
        for known in same_inode + same_path:
            with suppress(OSError):
                if fits(followed.descriptor, known):
                    self._saved.remove(known)
                    return replace(known, path=fresh.path, inode=fresh.inode)
        if self.config.existing or self._looked:
            return fresh
        return _last_line(followed)

    def _look_for_renamed(self, now: float) -> None:
        """Find files that were renamed while we did not run: the same inode beside the old path."""
        for known in list(self._saved):
            with suppress(OSError):
                for entry in os.scandir(Path(known.path).parent):
                    if entry.inode() == known.inode and not entry.name.endswith(COMPRESSED):
                        self._take_renamed(Path(entry.path), known, now)

    def _take_renamed(self, path: Path, known: Position, now: float) -> None:
        followed = self._open(path)
        if followed is None:
            return
        found = os.fstat(followed.descriptor)
        key = (found.st_dev, found.st_ino)
        if key in self._followed or not fits(followed.descriptor, known):
            followed.close()
            return
        followed.position, followed.gone_at = known, now
        self._followed[key] = followed
        self._saved.remove(known)
        self.events["renamed"] += 1

    def _read(self, followed: Followed) -> Batch | None:
        try:
            return followed.read(self.config.line_limit)
        except OSError:
            self.events["unreadable"] += 1
            return None

    def _finish(self, key: tuple[int, int], followed: Followed) -> Iterator[tuple[Followed, Batch]]:
        with suppress(OSError):
            if (batch := followed.rest(self.config.line_limit)) is not None:
                yield followed, batch
        followed.close()
        del self._followed[key]


def _last_line(followed: Followed) -> Position:
    """Return the end of the file's last whole line."""
    size = os.fstat(followed.descriptor).st_size
    back = min(size, 1024 * 1024)
    tail = os.pread(followed.descriptor, back, size - back)
    newline = tail.rfind(b"\n")
    offset = size - back + newline + 1
    skipping = newline < 0 and back < size
    return replace(followed.position, offset=offset, skipping=skipping, mark=mark(followed.descriptor, offset))
