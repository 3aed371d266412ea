"""The scratch place: one run at a time, marked as ours, and empty again whatever happened to the run before."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from watchbill_exporters.backup.restore.guard import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = "watchbill-restore"
MARK = ".made-by-watchbill-restore-test"
WAITING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let signals wait while something is removed: half removed it would be left behind."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, WAITING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep others out of the scratch directory. Raises RefusedError when one is at work there."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RefusedError(f"another restore test is at work in {root}") from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def folder(root: Path, stop: Callable[[Path], None]) -> Iterator[Path]:
    """Yield an empty folder and remove it afterwards; `stop` ends a server that may still run in it."""
    place = root / FOLDER
    remove(place, stop)
    try:
        place.mkdir(mode=0o700)
        (place / MARK).touch()
        yield place
    finally:
        remove(place, stop)


def remove(place: Path, stop: Callable[[Path], None]) -> None:
    """Remove what a run has left. Raises RefusedError for a folder that is none of ours."""
    with undisturbed():
        _remove(place, stop)


def _remove(place: Path, stop: Callable[[Path], None]) -> None:
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise RefusedError(f"{place} is no folder of ours; move it away")
    if not place.exists():
        return
    if any(place.iterdir()):
        if not (place / MARK).is_file():
            raise RefusedError(f"{place} holds something that is not ours; move it away")
        stop(place)
    _open_up(place)
    for entry in place.iterdir():  # the mark last: killed in between, the rest is still known as ours
        if entry.name != MARK:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    (place / MARK).unlink(missing_ok=True)
    place.rmdir()


def _open_up(place: Path) -> None:
    """Give us the right to delete: restored folders have the rights they had where they came from."""
    for path, _, _ in os.walk(place):
        with suppress(OSError):
            Path(path).chmod(0o700, follow_symlinks=True)
