"""Runs the tools: without a terminal, in UTC, killed with all their children when the deadline is over."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill_exporters.core.clock import Deadline

GENTLE = 2.0  # seconds between SIGTERM, on which borg gives its lock back, and SIGKILL
COMMON = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True)
class Tool:
    """A program with the environment it needs; secrets stand in there, never among the arguments."""

    program: str
    environment: Mapping[str, str | None]
    user: str | None = None


@dataclass(frozen=True)
class Done:
    """How a tool ended."""

    code: int
    output: str
    errors: str

    @property
    def last_line(self) -> str:
        """Return its last words."""
        lines = [line.strip() for line in self.errors.splitlines() if line.strip()]
        return lines[-1][:300] if lines else f"exit code {self.code}"


def run(tool: Tool, *words: str, deadline: Deadline, cwd: Path | None = None, stdin: Path | None = None) -> Done:
    """Run it to its end. Raises TimeoutError, and ScrapeError when it is not installed.

    `stdin` is opened by us, so the tool may run as somebody who could not.
    """
    with (stdin or Path(os.devnull)).open("rb") as handle:
        process = start(tool, *words, cwd=cwd, stdin=handle)
    try:
        output, errors = process.communicate(timeout=deadline.left())
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"{tool.program} {words[0] if words else ''} took too long") from None
    finally:
        end(process)
    return Done(process.returncode, output.decode(errors="replace"), errors.decode(errors="replace"))


def start(tool: Tool, *words: str, cwd: Path | None, stdin: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start it in a session of its own; it dies with us when util-linux is there."""
    program = shutil.which(tool.program)
    if program is None:
        raise ScrapeError(Reason.CONNECT, f"{tool.program} is not installed")
    return subprocess.Popen(  # noqa: S603 - the program is the config's
        [*_leash(), program, *words],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=environment(tool.environment),
        start_new_session=True,
        user=tool.user,
        group=pwd.getpwnam(tool.user).pw_gid if tool.user else None,
        extra_groups=[] if tool.user else None,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing of it running; what has ended by itself is only collected."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GENTLE)
        _signal(process, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def environment(extra: Mapping[str, str | None]) -> dict[str, str]:
    """Return ours with what the tool needs; None takes a variable away."""
    merged = {**os.environ, **COMMON, **extra}
    return {name: value for name, value in merged.items() if value is not None}


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


@cache
def _leash() -> tuple[str, ...]:
    """Ask the kernel to end the tool when the thread that started it is gone: a killed exporter leaves nothing."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM", "--") if setpriv else ()
