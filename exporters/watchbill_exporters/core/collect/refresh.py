"""A target slower than a scrape: read in the background, its last good state shown with the time it was read."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core.clock import Deadline
from watchbill_exporters.core.collect.reader import Outcome, Reader
from watchbill_exporters.core.errors import Reason

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Clock

LONGEST = 3600.0  # a refresh may take as long as its interval, but not for ever
GRACE = 3  # missed intervals until the last state is no longer shown


@dataclass(frozen=True)
class Refreshed:
    """The last attempt, and of the last good one its families and Unix time."""

    attempt: Outcome
    good: Outcome | None = None
    good_at: float | None = None


class Refresher:
    """Reads every `interval` seconds until stopped; `latest` is replaced as a whole, so it needs no lock."""

    def __init__(self, reader: Reader, interval: float, timeout: float | None, clock: Clock) -> None:
        self.reader, self.interval, self.clock = reader, interval, clock
        self.timeout = timeout or min(max(interval, 1.0), LONGEST)
        pending = Outcome(0.0, reason=Reason.TIMEOUT, message="not read yet")
        self.latest = Refreshed(pending)
        self._attempt_at = clock.monotonic()
        self._stop = threading.Event()
        threading.Thread(target=self._run, name=f"refresh {reader.name}", daemon=True).start()

    def shown(self) -> Refreshed:
        """Return the latest state; one that has not been renewed for several intervals counts as late."""
        latest, age = self.latest, self.clock.monotonic() - self._attempt_at
        if age > GRACE * self.interval + self.timeout:
            late = Outcome(latest.attempt.seconds, reason=Reason.TIMEOUT, message=f"no refresh for {age:.0f} s")
            return Refreshed(late, latest.good, latest.good_at)
        return latest

    def stop(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.refresh()
            self._stop.wait(self.interval)

    def refresh(self) -> None:
        started = self.clock.monotonic()
        deadline = Deadline.after(self.timeout, self.clock)
        outcome = self.reader.begin(deadline).wait(deadline, started, started)
        good = outcome.reason is None
        self.latest = Refreshed(
            outcome,
            outcome if good else self.latest.good,
            self.clock.now() if good else self.latest.good_at,
        )
        self._attempt_at = self.clock.monotonic()
