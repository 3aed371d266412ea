"""Child processes: started, watched, ended, and their last words when they die."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import requests

from compose.simulator.family import bound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

LAST_LINES = 12
GRACE_SECONDS = 8.0


class StartError(Exception):
    """A child did not become ready; the message has its last words."""


@dataclass
class Child:
    """One process in a session of its own, so that ^C reaches the demo only, and it can be ended with its children."""

    name: str
    command: Sequence[str]
    log: Path
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    last: str = "TERM"
    """The signal that it gets when the demo is killed: one that is held still takes no SIGTERM."""
    _process: subprocess.Popen[bytes] | None = None
    wanted: bool = False

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self.running else None

    def spawn(self) -> None:
        """Start it. Only from the main thread: the kernel ends it together with the thread that made it."""
        self.wanted = True
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - commands of the demo's own
                bound(self.command, last=self.last), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
                env={**os.environ, **self.environment},
            )  # fmt: skip

    def wait_ready(self, patience: float = 45.0) -> None:
        """Wait until it answers. Raises StartError."""
        deadline = time.monotonic() + patience
        while True:
            if not self.running:
                raise StartError(f"{self.name} {self.ended()} while it started\n{self.last_words()}")
            if self.ready():
                return
            if time.monotonic() > deadline:
                raise StartError(f"{self.name} did not become ready within {patience:.0f} s\n{self.last_words()}")
            time.sleep(0.1)

    def freeze(self) -> None:
        """Hold it still, as a machine that swaps does."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a crash would, with whatever it started."""
        self.wanted = False
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def end(self) -> None:
        """Ask it to end; `wait_ended` waits for it."""
        self.wanted = False
        self._signal(signal.SIGCONT)
        if self._process is not None and self.running:
            self._process.terminate()

    def wait_ended(self, patience: float = GRACE_SECONDS) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        self._signal(signal.SIGKILL)  # what it left behind in its group

    def ended(self) -> str:
        code = self._process.poll() if self._process is not None else None
        if code is None:
            return "has not ended"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"

    def last_words(self) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        lines = text.splitlines()[-LAST_LINES:]
        return "\n".join(f"    {line}" for line in lines) or "    (it logged nothing)"

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)


def answers(url: str) -> Callable[[], bool]:
    """Return what asks whether the page is there."""
    session = requests.Session()
    session.trust_env = False  # a proxy has no business on the loopback

    def ask() -> bool:
        try:
            return session.get(url, timeout=2).ok
        except requests.RequestException:
            return False

    return ask


def accepts(address: tuple[str, int]) -> Callable[[], bool]:
    """Return what asks whether connections are accepted."""

    def ask() -> bool:
        try:
            socket.create_connection(address, timeout=2).close()
        except OSError:
            return False
        return True

    return ask
