"""The demo as its users start it, and what its control API says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import requests

from compose.demo.places import NAMES
from lab.api import PrometheusApi
from lab.ports import free_ports
from lab.process import wait_until
from lab.toolchain import ROOT

if TYPE_CHECKING:
    from types import TracebackType

DOWN = "SupportAgentsTargetsDown"
STARTS_WITHIN = 240
ENDS_WITHIN = 40


class Demo:
    """`python -m compose.demo` in a folder of its own for temporary files."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.folder, self.log = folder, folder / "demo.log"
        self.base = free_ports(len(NAMES))
        self.command = [sys.executable, "-m", "compose.demo", f"--port-base={self.base}", *flags]
        self.session = requests.Session()
        self.session.trust_env = False

    def port(self, name: str) -> int:
        return self.base + NAMES.index(name)

    @property
    def control(self) -> str:
        return f"http://127.0.0.1:{self.port('control')}"

    @property
    def prometheus(self) -> PrometheusApi:
        return PrometheusApi(f"http://127.0.0.1:{self.port('prometheus')}")

    def spawn(self) -> None:
        (self.folder / "tmp").mkdir(exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "TMPDIR": str(self.folder / "tmp")}
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_started(self) -> None:
        found = wait_until(lambda: "Everything runs" in self.said() or self.process.poll() is not None, STARTS_WITHIN)
        assert found, self.said()
        assert self.process.poll() is None, self.said()
        self.started = time.time()

    def get(self, path: str) -> Any:
        return self.session.get(self.control + path, timeout=90).json()

    def post(self, path: str, body: Any) -> requests.Response:
        return self.session.post(self.control + path, json=body, timeout=90)

    def switch(self, fault: str, *, on: bool) -> None:
        assert self.post(f"/faults/{fault}", {"on": on}).ok

    def received(self, since: float, status: str = "firing") -> list[dict[str, Any]]:
        """Return what receivers got; the dead man's switch left out."""
        rows: list[dict[str, Any]] = self.get(f"/received?since={since}")
        return [row for row in rows if row["status"] == status and row["receiver"] != "deadman"]

    def told(self, since: float, status: str = "firing") -> set[tuple[str, str]]:
        """Return alerts that reached a receiver, with their job."""
        rows = self.received(since, status)
        return {(row["labels"]["alertname"], row["labels"].get("job", "")) for row in rows}

    def always(self) -> set[tuple[str, str]]:
        """Return alerts, by job, that are rightly told all the time: an exporter cannot run here."""
        running = {one["name"] for one in self.get("/processes")}
        return {(DOWN, job) for job in ("queue", "backup") if f"{job}-exporter" not in running}

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(ENDS_WITHIN)

    def processes(self) -> list[str]:
        """Return the command lines of all that belongs to it."""
        marks = (str(self.folder / "tmp"), f"--port-base={self.base}")
        return [line for line in _processes() if any(mark in line for mark in marks)]

    def left_over(self) -> list[str]:
        """Return processes that belong to it, folders and ports that it did not give back."""
        processes = self.processes()
        folders = [str(path) for path in (self.folder / "tmp").iterdir()]
        ports = [name for name in NAMES if _listens(self.port(name))]
        return [*processes, *folders, *ports]

    def __enter__(self) -> Self:
        self.spawn()
        self.wait_started()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.end()
        if kind is not None:
            print(self.said())


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _processes() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it has just ended
            continue
    return found
