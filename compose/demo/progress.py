"""Says what is under way: one line that changes on a terminal, a line each elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

CLEAR_LINE = "\r\x1b[2K"


class Progress:
    """Steps of the start, with how long each took."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out, self._fancy = out, out.isatty()
        self._begun = self._step_begun = time.monotonic()
        self._step = ""

    def step(self, text: str) -> None:
        self._finish()
        self._step, self._step_begun = text, time.monotonic()
        if self._fancy:
            self._write(f"{CLEAR_LINE}  ... {text}")

    def detail(self, text: str) -> None:
        """Say what part of the step is under way; only where lines can change."""
        if self._fancy:
            self._write(f"{CLEAR_LINE}  ... {self._step}: {text}")

    def done(self) -> float:
        """End the last step; return the seconds since the beginning."""
        self._finish()
        return time.monotonic() - self._begun

    def say(self, text: str) -> None:
        self._finish()
        self._write(f"{text}\n")

    def _finish(self) -> None:
        if self._step:
            took = time.monotonic() - self._step_begun
            self._write(f"{CLEAR_LINE if self._fancy else ''}  ok  {self._step} ({took:.1f} s)\n")
            self._step = ""

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
