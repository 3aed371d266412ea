"""A real PostgreSQL on a port of its own; it does not run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from lab.ports import free_port
from lab.process import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

HBA = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


def program(name: str) -> Path | None:
    """Return where a program of the server is: Debian keeps them out of PATH."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = shutil.which(name)
    return newest[-1] if newest else Path(found) if found else None


def _unprivileged(*command: str | Path) -> list[str]:
    words = [str(word) for word in command]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *words] if os.geteuid() == 0 else words


class Postgres(Service):
    def __init__(self) -> None:
        self.port, postgres, initdb = free_port(), program("postgres"), program("initdb")
        assert postgres is not None
        assert initdb is not None
        folder = Path(tempfile.mkdtemp(prefix="watchbill-postgres-"))  # pytest's own folders are closed to others
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        self._data = folder / "data"
        make = _unprivileged(initdb, "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        subprocess.run(make, check=True, capture_output=True, cwd=folder, env={**os.environ, "LC_ALL": "C"})
        (self._data / "pg_hba.conf").write_text(HBA, encoding="utf-8")
        flags = ["-p", str(self.port), "-h", "127.0.0.1", "-k", "", "-c", "fsync=off", "-c", "full_page_writes=off"]
        super().__init__(_unprivileged(postgres, "-D", self._data, *flags), folder, "postgres")

    def is_ready(self) -> bool:
        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=5) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def kill(self) -> None:
        """End it at once, all of its processes, as a crash would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)
            self._process = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server and to each process that serves a client: they are in sessions of their own."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text(encoding="utf-8")
        for pid in (self._process.pid, *map(int, children.split())):
            with suppress(ProcessLookupError):  # one that served a client may have ended
                os.kill(pid, number)

    def stop(self, patience: float = 10) -> None:  # noqa: ARG002 - it ends at once
        if self._process is not None:
            self.signal(signal.SIGCONT)
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def database(self, name: str, *scripts: str) -> Iterator[str]:
        """Make a database from SQL, and drop it with the roles that the SQL made."""
        self.run(f'CREATE DATABASE "{name}"')
        try:
            self.run(*scripts, database=name)
            yield name
        finally:
            self.run(f'DROP DATABASE "{name}" WITH (FORCE)', "DROP ROLE IF EXISTS watchbill")
