"""Real repositories of restic and borg, with passwords, in a folder of their own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "odd-phrase-7531"  # noqa: S105 - of the tests only


def call(*command: str, environment: dict[str, str], cwd: Path | None = None) -> str:
    """Run a tool to its end and return what it printed."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True)
class Restic:
    """A repository below `folder`, and the data that is backed up."""

    folder: Path

    @property
    def repository(self) -> Path:
        return self.folder / "restic"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "RESTIC_REPOSITORY": str(self.repository),
            "RESTIC_PASSWORD": PASSWORD,
            "RESTIC_CACHE_DIR": str(self.folder / "cache"),
        }

    def __call__(self, *words: str) -> str:
        return call("restic", *words, environment=self.environment)

    def init(self) -> Restic:
        self.data.mkdir(parents=True, exist_ok=True)
        (self.data / "a.txt").write_text("alpha")
        (self.folder / "password").write_text(PASSWORD + "\n")
        self("init", "-q")
        return self

    def backup(self, at: float, *, host: str = "web1", tag: str = "daily") -> str:
        """Back up at a time of our choice; return the id."""
        when = datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        out = self("backup", "--json", "--time", when, "--host", host, "--tag", tag, str(self.data))
        return str(json.loads(out.splitlines()[-1])["snapshot_id"])

    def target(self, **more: Any) -> dict[str, Any]:
        return {"name": "nas", "kind": "restic", "repository": "restic", "password_file": "password", **more}


@dataclass(frozen=True)
class Borg:
    folder: Path

    @property
    def repository(self) -> Path:
        return self.folder / "borg"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "BORG_REPO": str(self.repository),
            "BORG_PASSPHRASE": PASSWORD,
            "BORG_BASE_DIR": str(self.folder / "base"),
            "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
        }

    def __call__(self, *words: str) -> str:
        return call("borg", *words, environment=self.environment, cwd=self.folder)

    def init(self) -> Borg:
        self.data.mkdir(parents=True)
        (self.data / "a.txt").write_text("alpha")
        (self.folder / "password").write_text(PASSWORD + "\n")
        self("init", "-e", "repokey")
        return self

    def backup(self, name: str, at: float) -> None:
        when = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        self("create", "--timestamp", when, f"::{name}", "data")

    def target(self, **more: Any) -> dict[str, Any]:
        return {"name": "vault", "kind": "borg", "repository": "borg", "password_file": "password", **more}
