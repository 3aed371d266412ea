"""Runs one real service as a child process, its output in a log."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

LOG_TAIL_LINES = 30


class Service:
    """A process that can be killed, stopped with SIGSTOP, continued, and started again on the same port."""

    environment: Mapping[str, str] | None = None
    """None: as ours."""

    def __init__(self, command: Sequence[str], folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.command, self.folder, self.name = list(command), folder, name
        self._process: subprocess.Popen[bytes] | None = None

    def is_ready(self) -> bool:
        raise NotImplementedError

    def start(self, patience: float = 90) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = process = subprocess.Popen(
                self.command, stdout=log, stderr=log, cwd=self.folder, env=self.environment
            )
        answered = wait_until(lambda: process.poll() or self.is_ready(), patience)
        if process.poll() or not answered:  # whoever else may answer at its address; a launcher may end well
            self.stop()
            raise RuntimeError(f"{self.name} did not become ready:\n{self.log_tail()}")

    def signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError(f"could not signal {self.name}: it is not running")
        self._process.send_signal(number)

    def freeze(self, seconds: float) -> None:
        """Hold the whole process still, as a starved or migrating machine does."""
        self.signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a power cut would: no flush, no clean-up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self, patience: float = 20) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def restart(self, pause: float = 0) -> None:
        self.stop()
        time.sleep(pause)
        self.start()

    def wait(self, patience: float) -> int:
        """Return the exit code of a process that ends by itself. Raises TimeoutExpired."""
        if self._process is None:
            raise RuntimeError(f"could not wait for {self.name}: it is not running")
        return self._process.wait(patience)

    def log_tail(self) -> str:
        text = (self.folder / f"{self.name}.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-LOG_TAIL_LINES:])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if kind is not None:
            print(self.log_tail())


def wait_until(holds: Callable[[], object], patience: float, pause: float = 0.2) -> bool:
    """Ask until it holds; False when patience is over."""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
