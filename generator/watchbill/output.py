"""The only writer: compares a rendered bundle with the folder, and swaps it in whole or not at all.

A pending journal names every rename and removal; new files are written beside their targets and synced; then the
journal gets its name. From there on the new bundle is decided, and whoever runs next finishes it. Before, the old one
stands, and whoever runs next drops what the pending journal names.
"""

from __future__ import annotations

import difflib
import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from watchbill.conventions import GENERATED_MARK, MANIFEST
from watchbill.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


JOURNAL = ".watchbill-journal.json"
LOCK = ".watchbill.lock"
FRESH = ".watchbill-new"
PENDING = JOURNAL + FRESH
SYNC_ALL_FROM = 32


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file of the bundle: text and the target it belongs to."""

    text: str
    target: str


@dataclass(slots=True)
class Changes:
    """What writing would do. Paths are relative to the output folder."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    unchanged: int = 0

    def __bool__(self) -> bool:
        """Whether anything would change."""
        return bool(self.added or self.changed or self.removed)


def compare(folder: Path, files: Mapping[str, Rendered], targets: frozenset[str]) -> Changes:
    """Return the changes. `targets` are the ones rendered: files of others are left alone.

    `removed` are orphans that are still as we wrote them, `kept` orphans that somebody changed, `edited` files in the
    way that are not as we wrote them.
    """
    known = _manifest(folder)
    changes = Changes()
    for path, rendered in sorted(files.items()):
        there = _read(folder / path)
        if there is None:
            changes.added.append(path)
        elif there == rendered.text:
            changes.unchanged += 1
        else:
            changes.changed.append(path)
            if known.get(path, ("", ""))[0] != _hash(there):
                changes.edited.append(path)
    for path, (digest, target) in sorted(known.items()):
        if path in files or target not in targets:
            continue
        there = _read(folder / path)
        if there is not None:
            ours = _hash(there) == digest and GENERATED_MARK in there[:400]
            (changes.removed if ours else changes.kept).append(path)
    return changes


def diff(folder: Path, files: Mapping[str, Rendered], changes: Changes) -> str:
    """Return the unified diff from the folder to the bundle."""
    parts: list[str] = []
    for path in sorted((*changes.added, *changes.changed, *changes.removed)):
        old = _read(folder / path) or ""
        new = files[path].text if path in files else ""
        before = path if path not in changes.added else "(none)"
        after = path if path not in changes.removed else "(none)"
        parts.extend(difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), before, after))
    return "".join(parts)


def write(
    folder: Path, files: Mapping[str, Rendered], targets: frozenset[str], digest: str, *, force: bool = False
) -> Changes:
    """Bring the folder to the bundle. Raises OutputError, with nothing changed, where it must not or cannot."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            recover(folder)
            changes = compare(folder, files, targets)
            if changes.edited and not force:
                names = "\n  ".join(changes.edited)
                message = (
                    f"not written: these files are not as watchbill wrote them:\n  {names}\n"
                    "move your changes into the spec or elsewhere, or overwrite them with --force"
                )
                raise OutputError(message)
            _swap(folder, files, targets, changes, digest)
    except OSError as exc:
        half = (folder / JOURNAL).exists()
        state = "the next run finishes what this one began" if half else "the bundle is as it was"
        message = f"could not write {exc.filename or folder}: {exc.strerror or exc}; {state}"
        raise OutputError(message) from exc
    return changes


def recover(folder: Path) -> None:
    """Finish what a killed run had decided, or drop what it had not."""
    pending = _read(folder / PENDING)
    if pending is not None:
        _drop(folder, pending)
    journal = _read(folder / JOURNAL)
    if journal is None:
        return
    try:
        decided = json.loads(journal)
    except ValueError:
        message = f"could not read {JOURNAL}: remove it and run generate again"
        raise OutputError(message) from None
    _finish(folder, decided)


def _drop(folder: Path, pending: str) -> None:
    """Remove what a run wrote that never decided. Its journal came first: one cut short was followed by nothing."""
    try:
        paths = json.loads(pending)["rename"]
    except ValueError:
        paths = []
    for path in paths:
        (folder / (path + FRESH)).unlink(missing_ok=True)
        _prune(folder, (folder / path).parent)
    (folder / PENDING).unlink(missing_ok=True)


def _swap(folder: Path, files: Mapping[str, Rendered], targets: frozenset[str], changes: Changes, digest: str) -> None:
    others = {p: v for p, v in _manifest(folder).items() if v[1] not in targets}
    entries = {**others, **{p: (_hash(r.text), r.target) for p, r in files.items()}}
    manifest = {"spec": digest, "files": {p: {"sha256": h, "target": t} for p, (h, t) in sorted(entries.items())}}
    text = json.dumps(manifest, indent=1) + "\n"
    fresh = {p: files[p].text for p in (*changes.added, *changes.changed)}
    if _read(folder / MANIFEST) != text:
        fresh[MANIFEST] = text
    if not fresh and not changes.removed:
        return
    decided = {"rename": sorted(fresh), "remove": changes.removed}
    pending = json.dumps(decided)
    try:
        made: set[Path] = set()
        _put(folder / PENDING, pending, sync=True)
        for path, body in fresh.items():
            target = folder / (path + FRESH)
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            _put(target, body, sync=len(fresh) < SYNC_ALL_FROM)
        if len(fresh) >= SYNC_ALL_FROM:
            os.sync()
        (folder / PENDING).replace(folder / JOURNAL)
    except OSError:
        _drop(folder, pending)
        raise
    _sync_folder(folder)
    _finish(folder, decided)


def _finish(folder: Path, decided: Mapping[str, list[str]]) -> None:
    for path in decided["rename"]:
        fresh = folder / (path + FRESH)
        if fresh.exists():
            fresh.replace(folder / path)
    for path in decided["remove"]:
        (folder / path).unlink(missing_ok=True)
        _prune(folder, (folder / path).parent)
    for parent in {(folder / p).parent for p in decided["rename"]}:
        _sync_folder(parent)
    (folder / JOURNAL).unlink(missing_ok=True)


def _prune(folder: Path, inside: Path) -> None:
    """Remove folders that are left empty, from `inside` up to `folder`."""
    while inside != folder:
        if inside.is_dir():
            if any(inside.iterdir()):
                return
            inside.rmdir()
        inside = inside.parent


def _put(path: Path, text: str, *, sync: bool) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        if sync:
            handle.flush()
            os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time: a second one waits, and tries again where the lock's file went while it waited."""
    path = folder / LOCK
    while True:
        with path.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            try:
                current = path.stat().st_ino == os.fstat(handle.fileno()).st_ino
            except FileNotFoundError:
                current = False
            if not current:
                continue
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def _manifest(folder: Path) -> dict[str, tuple[str, str]]:
    text = _read(folder / MANIFEST)
    if text is None:
        return {}
    try:
        return {str(p): (str(v["sha256"]), str(v["target"])) for p, v in json.loads(text)["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"{MANIFEST} cannot be read: restore it, or remove it and run generate --force"
        raise OutputError(message) from None


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return None


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def create(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises OutputError where it is, or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as handle:
            handle.write(text)
    except OSError as exc:
        message = f"could not write {path}: {exc.strerror or exc}"
        raise OutputError(message) from exc
