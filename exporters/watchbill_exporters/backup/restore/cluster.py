"""A PostgreSQL of the scratch place: on a socket in there only, with no way to archives, standbys or logs of others."""

from __future__ import annotations

import os
import pwd
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watchbill_exporters.backup.postgres import Server, query
from watchbill_exporters.backup.process import Tool, run
from watchbill_exporters.core.clock import Clock, Deadline
from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DATA, PORT = "pg", 5432
POLL = 0.1  # seconds
OFF = (  # what a restored configuration may hold, and would reach out of the scratch place
    "listen_addresses=",
    "archive_mode=off",
    "archive_command=",
    "archive_cleanup_command=",
    "recovery_end_command=",
    "primary_conninfo=",
    "synchronous_standby_names=",
    "shared_preload_libraries=",
    "session_preload_libraries=",
    "local_preload_libraries=",
    "logging_collector=off",
    "log_destination=stderr",
    "external_pid_file=",
    "ssl=off",
    "hot_standby=off",
    "restart_after_crash=off",
    "max_logical_replication_workers=0",  # a restored subscription would take changes from the live publisher
    "shared_buffers=128MB",  # that of the live server may be most of a machine they share
    "huge_pages=off",
)
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Cluster:
    """Programs, and who runs them: PostgreSQL refuses to be root."""

    place: Path
    user: str | None
    programs: Path | None

    @property
    def data(self) -> Path:
        return self.place / DATA

    @property
    def tablespaces(self) -> Path:
        return self.place / "tablespaces"

    @property
    def server(self) -> Server:
        return Server(str(self.place), PORT, "postgres", "postgres")

    def prepare(self) -> None:
        """Give the scratch place to whoever runs PostgreSQL."""
        self._give(self.place)

    def create(self, deadline: Deadline) -> None:
        """Make an empty cluster."""
        self.prepare()
        words = ("-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", *words, deadline=deadline)

    def adopt(self) -> None:
        """Take a restored data directory: ours, with files of configuration that hold no surprise."""
        for name in ("postmaster.pid", "postmaster.opts", "standby.signal"):
            (self.data / name).unlink(missing_ok=True)
        (self.data / "postgresql.conf").touch()  # Debian keeps it outside
        for root in (self.data, self.tablespaces):
            for path in _all(root):
                self._give(path)
        self.data.chmod(0o700)

    def start(self, deadline: Deadline, environment: Mapping[str, str | None] | None = None) -> Server:
        """Start it and wait until it answers; return where. What fetches WAL for it runs in its environment."""
        hba, ident = self.place / "hba.conf", self.place / "ident.conf"
        hba.write_text("local all all trust\n", encoding="utf-8")  # the folder lets nobody else in
        ident.write_text("", encoding="utf-8")
        for path in (hba, ident):
            self._give(path)
        settings = [
            *OFF,
            f"port={PORT}",
            f"unix_socket_directories={self.place}",
            f"hba_file={hba}",
            f"ident_file={ident}",
            f"config_file={self.data / 'postgresql.conf'}",
            f"data_directory={self.data}",
        ]
        options = " ".join(f"-c {_quoted(setting)}" for setting in settings)
        log = str(self.place / "server.log")
        words = ("-D", str(self.data), "-l", log, "-w", "-t", str(max(1, int(deadline.left()))), "-o", options, "start")
        try:
            self._run("pg_ctl", *words, deadline=deadline, environment=environment)
        except ScrapeError as error:
            raise ScrapeError(error.reason, f"{error}: {_last_words(self.place)}") from None
        return self._ready(deadline)

    def _give(self, path: Path) -> None:
        if self.user is not None:
            who = pwd.getpwnam(self.user)
            os.chown(path, who.pw_uid, who.pw_gid, follow_symlinks=False)

    def _ready(self, deadline: Deadline) -> Server:
        """Wait for the end of recovery: pg_ctl does not, and before it there is nothing to ask."""
        while True:
            if not (self.data / "postmaster.pid").exists():
                raise ScrapeError(Reason.PARSE, f"PostgreSQL has ended: {_last_words(self.place)}")
            with suppress(ScrapeError):
                if query(self.server, "select pg_is_in_recovery()", deadline) == [["f"]]:
                    return self.server
            if deadline.over:
                raise TimeoutError("recovery took too long")
            time.sleep(POLL)

    def stop(self, place: Path) -> None:
        """Stop a server that runs in the scratch place; one that does not is fine."""
        if not _runs_in(place / DATA):
            return
        deadline = Deadline.after(30.0, Clock())
        with suppress(ScrapeError, TimeoutError):
            self._run("pg_ctl", "-D", str(place / DATA), "-m", "immediate", "-w", "stop", deadline=deadline)

    def _run(
        self, program: str, *words: str, deadline: Deadline, environment: Mapping[str, str | None] | None = None
    ) -> None:
        found = self._programs() / program
        if not found.is_file():
            raise ScrapeError(Reason.CONNECT, f"there is no {found}: name the folder in postgres_programs")
        done = run(Tool(str(found), environment or {}, self.user), *words, deadline=deadline, cwd=self.place)
        if done.code:
            raise ScrapeError(Reason.PARSE, f"{program}: {done.last_line}")

    def _programs(self) -> Path:
        """Return the folder of the version of the data, else of the newest one."""
        if self.programs is not None:
            return self.programs
        version = self.data / "PG_VERSION"
        if version.is_file():
            return DEBIAN / version.read_text(encoding="ascii").strip() / "bin"
        found = sorted(DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name))
        if found:
            return found[-1]
        on_path = shutil.which("initdb")
        return Path(on_path).parent if on_path else DEBIAN


def _runs_in(data: Path) -> bool:
    """Return whether a postmaster works there: after a reboot its number may be the live one's, its folder is not."""
    try:
        number = int((data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
        return Path(f"/proc/{number}/cwd").resolve(strict=True) == data.resolve()
    except (OSError, ValueError):
        return False


def _all(root: Path) -> Iterator[Path]:
    """Yield all that a server must own, links excepted."""
    for path, folders, files in os.walk(root):
        yield Path(path)
        yield from (Path(path) / name for name in (*folders, *files) if not (Path(path) / name).is_symlink())


def _quoted(setting: str) -> str:
    return "'" + setting.replace("'", "'\\''") + "'"


def _last_words(place: Path) -> str:
    with suppress(OSError):
        lines = (place / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
        wrong = [line for line in lines if "FATAL" in line or "PANIC" in line or "ERROR" in line]
        return (wrong or lines or [""])[-1][:300]
    return "it has written no log"
