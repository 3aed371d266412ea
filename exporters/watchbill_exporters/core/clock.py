"""Time as an argument, and the moment a scrape must be over."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Clock:
    """Unix time, and a monotonic one for durations."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock; clients hand `left()` to each call that can block."""

    at: float
    monotonic: Callable[[], float] = field(default=time.monotonic, compare=False)

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        return cls(clock.monotonic() + seconds, clock.monotonic)

    def left(self) -> float:
        """Return the seconds left, at least a millisecond: most libraries take 0 for "wait for ever"."""
        return max(0.001, self.at - self.monotonic())

    @property
    def over(self) -> bool:
        return self.monotonic() >= self.at

    def within(self, seconds: float | None) -> Deadline:
        """Return the earlier one of this deadline and `seconds` from now."""
        return self if seconds is None else Deadline(min(self.at, self.monotonic() + seconds), self.monotonic)
