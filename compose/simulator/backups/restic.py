"""Backups and restore tests, each a command that a timer of a real system would run."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD, WRONG = "demo-only-phrase", "not-the-phrase"
SOURCE = "checkpoints"
REPOSITORIES = ("eu-central", "us-east")
NOBODY = "nobody"
KEEP_LAST = 12
EXPORTER = (sys.executable, "-c", "from watchbill_exporters.cli import main; main()", "backup")


@dataclass(frozen=True)
class Places:
    """Folders below one; the backup exporter's config names the same."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    @property
    def staged(self) -> Path:
        return self.folder / "staged" / "checkpoints.db"

    @property
    def password(self) -> Path:
        return self.folder / "restic.password"

    @property
    def log(self) -> Path:
        return self.folder / "backups.log"

    def repository(self, name: str) -> Path:
        return self.folder / "repositories" / name


class Restic:
    """Runs one thing at a time and waits for it."""

    def __init__(self, places: Places) -> None:
        self.places = places
        for folder in (places.state, places.scratch):
            folder.mkdir(parents=True, exist_ok=True)
        places.password.write_text(PASSWORD + "\n", encoding="utf-8")
        places.password.chmod(0o600)

        for name in REPOSITORIES:
            if not (self.places.repository(name) / "config").exists():
                self._run("restic", "init", "-q", repository=name)

    def back_up(self, name: str, *, password_right: bool) -> None:
        """Back the copy up, recorded by `wrap`."""
        wrap = (*EXPORTER, "wrap", "--name", SOURCE, "--repository", name, "--state", str(self.places.state), "--")
        backup = ("restic", "backup", "--json", "--host", SOURCE, str(self.places.staged))
        self._run(*wrap, *backup, repository=name, password=PASSWORD if password_right else WRONG)

    def forget(self, name: str) -> None:
        self._run("restic", "forget", "-q", "--keep-last", str(KEEP_LAST), repository=name)

    def test(self) -> None:
        """Restore the newest ones and check them."""
        self._run(*EXPORTER, "restore-test", "--config", str(self._plan()))

    def _plan(self) -> Path:
        places = self.places
        rows: dict[str, Any] = {"rows": "checkpoints", "file": str(places.staged), "at_least": 100}
        newest = {"query": "select max(created_at) from checkpoints", "file": str(places.staged)}
        tests = [
            {
                "name": SOURCE,
                "repository": name,
                "restic": {"repository": str(places.repository(name)), "password_file": str(places.password)},
                "checks": [rows],
                "newest": newest,
            }
            for name in REPOSITORIES
        ]
        document = {"state": str(places.state), "scratch": str(places.scratch), "run_as": NOBODY, "tests": tests}
        path = places.folder / "restore.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return path

    def _run(self, *command: str, repository: str = "", password: str = PASSWORD) -> None:
        """Run it to its end; how it went is recorded by itself, and shown in the log."""
        told = {"RESTIC_REPOSITORY": str(self.places.repository(repository))} if repository else {}
        environment = {**os.environ, **told, "RESTIC_PASSWORD": password, "RESTIC_CACHE_DIR": str(self._cache)}
        with self.places.log.open("ab") as log:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, check=False)  # noqa: S603

    @property
    def _cache(self) -> Path:
        return self.places.folder / "cache"
