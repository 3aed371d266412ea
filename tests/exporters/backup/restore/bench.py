"""A place for tests of restores: a config, what they say, and what they leave behind."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from watchbill_exporters.backup.records.directory import Record, read_all
from watchbill_exporters.backup.restore.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

START = "from watchbill_exporters.cli import main; main()"


@dataclass
class Bench:
    """Folders that PostgreSQL's user may enter, in a place with a short name: a socket's path is limited."""

    folder: Path
    said: list[str] = field(default_factory=list)

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def write(self, *tests: dict[str, Any], **more: Any) -> Path:
        path = self.folder / "restore.yaml"
        document = {"state": "state", "scratch": "scratch", **more, "tests": list(tests)}
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        return path

    def run(self, *tests: dict[str, Any], names: tuple[str, ...] = (), **more: Any) -> int:
        """Run in this process; return the exit code."""
        self.said.clear()
        return main(self.write(*tests, **more), names, tell=self.said.append)

    def start(self, *tests: dict[str, Any], **environment: str) -> subprocess.Popen[bytes]:
        """Run as a program."""
        words = [sys.executable, "-c", START, "backup", "restore-test", "--config", str(self.write(*tests))]
        return subprocess.Popen(words, env={**os.environ, **environment}, stdout=subprocess.PIPE)

    def record(self) -> Record:
        (found,) = read_all(self.state)
        return found

    @property
    def left(self) -> list[str]:
        return [path.name for path in self.scratch.iterdir()]


def benches() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="wb-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        for name in ("scratch", "state"):
            (folder / name).mkdir()
        yield Bench(folder)


def tree(root: Path) -> dict[str, tuple[str, int]]:
    """Return hashes and times of change of all files: to show that nothing was touched."""
    return {
        str(path.relative_to(root)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
