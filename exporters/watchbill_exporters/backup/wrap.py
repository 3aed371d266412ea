"""Runs a backup and records how it went. Whatever happens to the record, the backup runs and its exit code is ours."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.backup.records.directory import BusyError, Kind, Record, Run, Writer
from watchbill_exporters.backup.summary import size_of
from watchbill_exporters.core import log
from watchbill_exporters.core.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
KEPT = 256 * 1024  # of the end of the output, where the summary stands
CHUNK = 64 * 1024
SILENCE = 1.0  # seconds
NOT_FOUND, NOT_RUNNABLE, BY_SIGNAL = 127, 126, 128  # as shells say it
_log = log.logger(__name__)


@dataclass(frozen=True)
class Wrapped:
    """What to run, and under which labels to record it."""

    name: str
    state: Path
    repository: str
    check: bool
    command: tuple[str, ...]

    @property
    def record(self) -> Record:
        return Record(Kind.CHECK if self.check else Kind.BACKUP, self.name, self.repository)


def wrap(wrapped: Wrapped, clock: Clock | None = None) -> int:
    """Run it and return its exit code; 128 and the signal's number when a signal ended it."""
    clock = clock or Clock()
    child = _Child()
    before = {number: signal.signal(number, child.pass_on) for number in PASSED_ON}
    writer = _begin(wrapped, clock)
    began, started = clock.now(), clock.monotonic()
    try:
        code, tail = child.run(wrapped.command)
        if writer is not None:
            seconds = clock.monotonic() - started
            size = None if wrapped.check else size_of(tail)
            _end(writer, Run(began, began + seconds, seconds, code == 0, code, size))
        return code
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Child:
    """The command; stdout passes through us, unless it is a terminal; stderr and stdin are its own."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._early: int | None = None
        self._moved, self._writing = 0, False

    def pass_on(self, number: int, _: FrameType | None) -> None:
        """Pass a signal on: now, or as soon as there is a command."""
        if number == signal.SIGINT and _at_terminal():
            return  # the terminal has told the command itself
        if self._process is None:
            self._early = number
        else:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

    def run(self, command: tuple[str, ...]) -> tuple[int, bytes]:
        """Return the exit code and the end of the output."""
        try:
            self._process = subprocess.Popen(command, stdout=_stdout())  # noqa: S603 - what we are asked to run
        except FileNotFoundError:
            _log.error("command not found", command=command[0])
            return NOT_FOUND, b""
        except OSError as error:
            _log.error("command cannot be run", command=command[0], error=error.strerror or str(error))
            return NOT_RUNNABLE, b""
        if self._early is not None:
            self._process.send_signal(self._early)
        kept: deque[bytes] = deque()
        reader = threading.Thread(target=self._copy, args=(kept,), daemon=True)
        reader.start()
        code = self._process.wait()
        self._drain(reader)
        return (code if code >= 0 else BY_SIGNAL - code), b"".join(kept)[-KEPT:]

    def _drain(self, reader: threading.Thread) -> None:
        """Wait for what is still to be written; a daemon that was left behind may hold the pipe for ever."""
        moved = -1
        while reader.is_alive() and (self._writing or moved != self._moved):
            moved = self._moved
            reader.join(SILENCE)

    def _copy(self, kept: deque[bytes]) -> None:
        held, broken = 0, False
        for chunk in self._chunks():
            kept.append(chunk)
            held += len(chunk)
            while held - len(kept[0]) > KEPT:
                held -= len(kept.popleft())
            self._writing = not broken
            broken = broken or not _write(chunk)
            self._writing, self._moved = False, self._moved + 1

    def _chunks(self) -> Iterator[bytes]:
        pipe = self._process.stdout if self._process is not None else None
        if pipe is not None:
            while chunk := os.read(pipe.fileno(), CHUNK):
                yield chunk


def _stdout() -> int | None:
    """Return a pipe, or None for our own stdout: at a terminal progress bars are worth more than the size."""
    return None if sys.stdout.isatty() else subprocess.PIPE


def _at_terminal() -> bool:
    """Return whether Ctrl-C reaches the command without us: both are in the foreground of one terminal."""
    try:
        return sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def _write(chunk: bytes) -> bool:
    """Write to our stdout; when nobody reads it the backup goes on."""
    view, out = memoryview(chunk), sys.__stdout__.fileno() if sys.__stdout__ else 1
    while view:
        try:
            view = view[os.write(out, view) :]
        except BlockingIOError:  # somebody has made the pipe that we share a non-blocking one
            select.select((), (out,), ())
        except OSError:
            return False
    return True


def _begin(wrapped: Wrapped, clock: Clock) -> Writer | None:
    writer = None
    try:
        writer = Writer.open(wrapped.state, wrapped.record)
        writer.begin(clock.now())
    except (OSError, BusyError) as error:
        _log.error("this run is not recorded", name=wrapped.name, error=str(error))
        if writer is not None:
            writer.close()
        return None
    return writer


def _end(writer: Writer, run: Run) -> None:
    try:
        writer.end(run)
    except OSError as error:  # the record says that it began, which is told as a failed run
        _log.error("the end of this run is not recorded", name=writer.record.name, error=str(error))
    finally:
        writer.close()
