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
CHECKPOINTS, KNOWLEDGE = "checkpoints", "knowledge"
REPOSITORIES = {"local": (CHECKPOINTS,), "off-site": (CHECKPOINTS, KNOWLEDGE)}
"""Repositories, and the sources that are backed up into each: as the reference spec has them."""
NOBODY = "nobody"
KEEP_LAST = 12
ARTICLES, ARTICLE_BYTES = 40, 30_000
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
    def knowledge(self) -> Path:
        return self.folder / "knowledge"

    def source(self, name: str) -> Path:
        return self.staged if name == CHECKPOINTS else self.knowledge

    @property
    def password(self) -> Path:
        return self.folder / "restic.password"

    @property
    def wrong(self) -> Path:
        return self.folder / "old.password"

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
        for path, text in ((places.password, PASSWORD), (places.wrong, WRONG)):
            path.write_text(text + "\n", encoding="utf-8")
            path.chmod(0o600)

        places.knowledge.mkdir(exist_ok=True)
        self.write_articles(ARTICLES)
        for name in REPOSITORIES:
            if not (self.places.repository(name) / "config").exists():
                self._run("restic", "init", "-q", repository=name)

    def write_articles(self, number: int) -> None:
        """Let the knowledge base have so many articles."""
        for n in range(ARTICLES):
            path = self.places.knowledge / f"article-{n}.md"
            if n >= number:
                path.unlink(missing_ok=True)
            elif not path.exists():
                path.write_text(
                    f"# Article {n}\n\n" + "What is asked often. " * (ARTICLE_BYTES // 21), encoding="utf-8"
                )

    def back_up(self, name: str, source: str, *, password_right: bool) -> None:
        """Back a source up, recorded by `wrap`."""
        backup = ("restic", "backup", "--json", "--host", source, str(self.places.source(source)))
        password = PASSWORD if password_right else WRONG
        self._run(*self._wrap(source, name), "--", *backup, repository=name, password=password)

    def forget(self, name: str) -> None:
        self._run("restic", "forget", "-q", "--keep-last", str(KEEP_LAST), repository=name)

    def check(self, name: str) -> None:
        """Look whether the repository is whole."""
        for source in REPOSITORIES[name]:
            self._run(*self._wrap(source, name), "--check", "--", "restic", "check", "-q", repository=name)

    def _wrap(self, source: str, repository: str) -> tuple[str, ...]:
        return (*EXPORTER, "wrap", "--name", source, "--repository", repository, "--state", str(self.places.state))

    def test(self, *, password_right: bool) -> None:
        """Restore the newest ones and check them."""
        plan = self._plan(self.places.password if password_right else self.places.wrong)
        self._run(*EXPORTER, "restore-test", "--config", str(plan))

    def _plan(self, password: Path) -> Path:
        places = self.places
        tests = [
            {
                "name": source,
                "repository": name,
                "restic": {
                    "repository": str(places.repository(name)),
                    "password_file": str(password),
                    "host": source,
                },
                **self._checks(source),
            }
            for name, sources in REPOSITORIES.items()
            for source in sources
        ]
        document = {"state": str(places.state), "scratch": str(places.scratch), "run_as": NOBODY, "tests": tests}
        path = places.folder / "restore.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return path

    def _checks(self, source: str) -> dict[str, Any]:
        """Return what must hold for what was restored."""
        if source == KNOWLEDGE:
            return {"checks": [{"files": f"{self.places.knowledge}/*.md", "at_least": 5}]}
        file = str(self.places.staged)
        newest = {"query": "select max(created_at) from checkpoints", "file": file}
        return {"checks": [{"rows": "checkpoints", "file": file, "at_least": 100}], "newest": newest}

    def _run(self, *command: str, repository: str = "", password: str = PASSWORD) -> None:
        """Run it to its end; how it went is recorded by itself, and shown in the log."""
        told = {"RESTIC_REPOSITORY": str(self.places.repository(repository))} if repository else {}
        environment = {**os.environ, **told, "RESTIC_PASSWORD": password, "RESTIC_CACHE_DIR": str(self._cache)}
        with self.places.log.open("ab") as log:
            subprocess.run(  # noqa: S603 - commands of our own
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, check=False
            )

    @property
    def _cache(self) -> Path:
        return self.places.folder / "cache"
