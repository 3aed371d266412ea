"""What a restore has brought back."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchbill_exporters.backup.postgres import Server


@dataclass(frozen=True)
class Restored:
    """Files below `root`, or a database; `point` is the newest write as the restore itself shows it."""

    point: float | None
    root: Path | None = None
    server: Server | None = None


def newest_file(root: Path, at_most: float) -> float | None:
    """Return the time of the newest file; one of the future says no more than that a clock was wrong."""
    newest: float | None = None
    for folder, _, files in os.walk(root):
        for name in files:
            status = (Path(folder) / name).lstat()
            if stat.S_ISREG(status.st_mode):
                newest = max(newest if newest is not None else status.st_mtime, status.st_mtime)
    return min(newest, at_most) if newest is not None else None
