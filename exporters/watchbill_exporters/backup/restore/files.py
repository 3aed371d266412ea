"""Restores files: restic, borg, SQLite."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from watchbill_exporters.backup.copies.directory import copies
from watchbill_exporters.backup.process import run
from watchbill_exporters.backup.repositories import borg, restic
from watchbill_exporters.backup.restore.guard import check_paths
from watchbill_exporters.backup.restore.restored import Restored, newest_file
from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from watchbill_exporters.backup.restore.plan import Borg, Restic, Sqlite
    from watchbill_exporters.core.clock import Deadline

ROOT = "files"
EVERYTHING = Path("/")  # a backup of the whole machine holds any scratch place; its copy lands below it all the same


def restore_restic(origin: Restic, place: Path, now: float, deadline: Deadline) -> Restored:
    """Restore the newest snapshot that fits."""
    rule = origin.rule
    found = restic.snapshots(origin.config, deadline)
    fits = [one for one in found if rule.fits(one.hostname, one.paths, one.tags or (), "")]
    if not fits:
        raise ScrapeError(Reason.CONNECT, "there is no snapshot that fits")
    newest = max(fits, key=lambda one: one.time)
    check_paths(place, (path for path in map(Path, newest.paths) if path != EVERYTHING))
    root = place / ROOT
    restic.ask(origin.config, "restore", newest.id, "--target", str(root), deadline=deadline)
    return Restored(newest_file(root, now), root)


def restore_borg(origin: Borg, place: Path, now: float, deadline: Deadline) -> Restored:
    """Extract the newest archive that fits; borg has no target but the folder it runs in."""
    fits = [one for one in borg.archives(origin.config, deadline) if origin.rule.fits("", (), (), one.name)]
    if not fits:
        raise ScrapeError(Reason.CONNECT, "there is no archive that fits")
    newest = max(fits, key=lambda one: one.at)
    root = place / ROOT
    root.mkdir()
    words = ("--log-json", "--lock-wait", "60", "extract", f"::{newest.name}")
    done = run(borg.tool(origin.config), *words, deadline=deadline, cwd=root)
    if done.code:
        raise ScrapeError(*borg.fault(done))
    return Restored(newest_file(root, now), root)


def restore_sqlite(origin: Sqlite, place: Path, now: float, deadline: Deadline) -> Restored:
    """Copy the newest file."""
    found = [path for path in copies(origin.directory, origin.files) if path.is_file()]
    if not found:
        raise ScrapeError(Reason.CONNECT, f"there is no copy in {origin.directory}")
    newest = max(found, key=lambda path: path.stat().st_mtime)
    root = place / ROOT
    root.mkdir()
    shutil.copy2(newest, root / newest.name)
    if deadline.over:
        raise TimeoutError(f"{newest.name} was not copied in time")
    return Restored(newest_file(root, now), root)
