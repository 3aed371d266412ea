"""One command, and what it took."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """Seconds and peak MB."""

    wall: float
    cpu: float
    peak: float


def run(command: Sequence[str | Path]) -> Usage:
    """Run a command to its end; raises with its last words when it fails."""
    with tempfile.TemporaryFile() as said:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"could not run {command[:3]}:\n{said.read().decode()[-2_000:]}")
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1_024)
