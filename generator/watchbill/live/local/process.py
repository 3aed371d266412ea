"""One server as a child process on the loopback, in a folder of its own."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from watchbill.errors import LiveError, ToolError
from watchbill.live.http import Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PATIENCE = 60.0
GRACE = 10.0
_ASKING = Lock()
_given: set[int] = set()


def free_port() -> int:
    """Return a port that nobody listens on, another one each time: it takes a while until somebody does."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        with _ASKING:
            if port not in _given:
                _given.add(port)
                return port


@contextmanager
def running(name: str, command: Sequence[str], folder: Path, port: int) -> Iterator[Site]:
    """Start a server, wait until it is ready, and end it in the end. Raises ToolError with its last words."""
    site = Site(name, f"http://127.0.0.1:{port}")
    log = folder / f"{name}.log"
    with log.open("ab") as said:
        try:
            process = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder)  # noqa: S603 - the user's own
        except OSError as exc:
            raise ToolError(f"could not run {command[0]}: {exc.strerror}") from exc
    try:
        _wait(site, process, log)
        yield site
    finally:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(site: Site, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            site.text("/-/ready")
        except LiveError:
            if process.poll() is not None or time.monotonic() > until:
                words = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
                raise ToolError("\n".join((f"{site.what} did not start:", *words))) from None
            time.sleep(0.1)
        else:
            return


def run(command: Sequence[str]) -> None:
    """Run a tool to its end. Raises ToolError with its last words."""
    try:
        done = subprocess.run(  # noqa: S603 - the user's own promtool
            command, capture_output=True, text=True, check=False, errors="replace"
        )
    except OSError as exc:
        raise ToolError(f"could not run {command[0]}: {exc.strerror}") from exc
    if done.returncode:
        words = (done.stdout + done.stderr).strip().splitlines()[-5:]
        raise ToolError("\n".join((f"{command[0]} failed:", *words)))
