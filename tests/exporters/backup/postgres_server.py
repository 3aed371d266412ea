"""A real PostgreSQL with pgBackRest beside it, run as an unprivileged user."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

DEBIAN = Path("/usr/lib/postgresql")
USER = "postgres" if os.geteuid() == 0 else None
PASSWORD = "odd-phrase-8642"  # noqa: S105 - of the tests only
CIPHER = "odd-cipher-9753"


def programs() -> Path | None:
    """Return where initdb is, of the newest version."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parents[1].name))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def unprivileged(*command: str, cwd: Path, **environment: str) -> str:
    """Run as the user PostgreSQL accepts."""
    options: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if USER else {}
    merged = {**os.environ, "HOME": str(cwd), "TZ": "UTC", **environment}
    done = subprocess.run(command, cwd=cwd, env=merged, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr + done.stdout
    return str(done.stdout)


class Postgres:
    """A cluster in a folder that its user may enter; pytest's folders are closed to others."""

    def __init__(self, *, archive: bool = False) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="wb-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self.archive = archive
        self.data, self.port = self.folder / "live", 5499
        found = programs()
        assert found is not None
        self.programs = found

    def start(self) -> None:
        if USER:
            shutil.chown(self.folder, USER, USER)
        self.folder.chmod(0o755)
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "--no-sync", "--locale=C.UTF-8")
        hba = "local all postgres trust\nlocal all all scram-sha-256\nlocal replication all trust\n"
        (self.data / "pg_hba.conf").write_text(hba)
        options = f"-c listen_addresses= -c port={self.port} -c unix_socket_directories={self.folder} -c fsync=off"
        if self.archive:
            command = f"pgbackrest --config={self.config()} --stanza=main archive-push %p"
            options += f" -c archive_mode=on -c wal_level=replica -c 'archive_command={command}'"
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "live.log"), "-w", "-o", options, "start")

    def config(self) -> Path:
        """Write pgBackRest's configuration; its cipher passphrase stands in the environment."""
        path = self.folder / "pgbackrest.conf"
        path.write_text(
            f"[global]\nrepo1-path={self.folder}/repo\nrepo1-cipher-type=aes-256-cbc\nrepo1-retention-full=9\n"
            f"log-path={self.folder}\nlock-path={self.folder}/lock\nlog-level-console=off\nstart-fast=y\n"
            f"archive-timeout=120\n[main]\npg1-path={self.data}\npg1-socket-path={self.folder}\npg1-port={self.port}\n"
        )
        return path

    def pgbackrest(self, *words: str) -> str:
        return self.run_plain("pgbackrest", f"--config={self.config()}", "--stanza=main", *words)

    def run(self, program: str, *words: str) -> str:
        return self.run_plain(str(self.programs / program), *words)

    def run_plain(self, *command: str) -> str:
        return unprivileged(
            *command,
            cwd=self.folder,
            PGHOST=str(self.folder),
            PGPORT=str(self.port),
            PGUSER="postgres",
            PGBACKREST_REPO1_CIPHER_PASS=CIPHER,
        )

    def sql(self, statement: str, database: str = "postgres") -> str:
        return self.run(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement
        ).strip()

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])

    def freeze(self, *, go_on: bool = False) -> None:
        """Stop the postmaster and its children where they stand."""
        number = signal.SIGCONT if go_on else signal.SIGSTOP
        children = subprocess.run(["pgrep", "-P", str(self.pid)], capture_output=True, text=True, check=False).stdout
        os.kill(self.pid, number)
        for pid in map(int, children.split()):
            with suppress(ProcessLookupError):  # it may have ended since it was listed
                os.kill(pid, number)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if (self.data / "postmaster.pid").exists():
            self.freeze(go_on=True)
            self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        self._temporary.cleanup()
