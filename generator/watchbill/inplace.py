"""Writes one file that belongs to somebody else: its new text as a whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from watchbill.errors import OutputError

FRESH = ".watchbill-new"


def replace(path: Path, before: str | None, after: str | None) -> None:
    """Swap in the new text of one file that is not ours, `before` being what was read (None: no file).

    Keeps its mode and, where it can, its owner; follows links. Raises OutputError, with the file as it was.
    """
    target = Path(os.path.realpath(path))
    fresh = target.with_name(f".{target.name}{FRESH}")
    try:
        if _exact(target) != before:
            raise OutputError(f"could not write {path}: it has changed meanwhile; run again")
        if after is None:
            target.unlink(missing_ok=True)
        else:
            fresh.write_bytes(after.encode())
            _alike(target, fresh)
            fresh.replace(target)
        _synced(target.parent)
    except OSError as exc:
        fresh.unlink(missing_ok=True)
        raise OutputError(f"could not write {path}: {exc.strerror or exc}; it is as it was") from exc


def _exact(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def _alike(old: Path, new: Path) -> None:
    with new.open("rb") as handle:
        os.fsync(handle.fileno())
    try:
        stat = old.stat()
    except FileNotFoundError:
        return
    new.chmod(stat.st_mode & 0o7777)
    if (stat.st_uid, stat.st_gid) != (os.geteuid(), os.getegid()):
        os.chown(new, stat.st_uid, stat.st_gid)


def _synced(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
