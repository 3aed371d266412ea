"""Reads one target: one thread at most, however often it is asked and however long the target hangs."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core import log
from watchbill_exporters.core.errors import Reason, reason_of

if TYPE_CHECKING:
    from prometheus_client import Metric

    from watchbill_exporters.core.clock import Clock, Deadline
    from watchbill_exporters.core.contract import Client

_log = log.logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How a read ended: families, or the reason why there are none."""

    seconds: float
    families: tuple[Metric, ...] = ()
    reason: Reason | None = None
    message: str = ""


@dataclass
class Reading:
    """A read under way. It may be shared by scrapes that overlap."""

    deadline: Deadline
    done: threading.Event = field(default_factory=threading.Event)
    outcome: Outcome | None = None

    def wait(self, deadline: Deadline, started: float, now: float) -> Outcome:
        """Return the outcome, or a timeout once the deadline is over."""
        self.done.wait(max(0.0, deadline.at - now))
        return self.outcome or Outcome(deadline.at - started, reason=Reason.TIMEOUT, message="not read in time")


class Reader:
    """Turns a client and a source's `families` into outcomes.

    While a read is under way, a second scrape shares it. Once it is late its result is thrown away, because it is
    old, and the scrapes that came since share one read that starts when the late one ends.
    """

    def __init__(self, name: str, client: Client[Any], families: Any, clock: Clock) -> None:
        self.name, self.clock = name, clock
        self._client, self._families = client, families
        self._lock = threading.Lock()
        self._current: Reading | None = None
        self._next: Reading | None = None
        self._closing = False
        self._noted: Reason | None = None

    def begin(self, deadline: Deadline) -> Reading:
        with self._lock:
            if self._current is None:
                self._current = reading = Reading(deadline)
                threading.Thread(target=self._work, args=(reading,), name=f"read {self.name}", daemon=True).start()
                return reading
            if not self._current.deadline.over:
                return self._current
            if self._next is None or self._next.deadline.over:
                self._next = Reading(deadline)
            return self._next

    def close(self) -> None:
        """Close the client: now, or when the read under way has ended."""
        with self._lock:
            self._closing = True
            if self._current is not None:
                return
        self._client.close()

    def _work(self, reading: Reading | None) -> None:
        while reading is not None:
            if not reading.deadline.over:
                reading.outcome = self._read(reading.deadline)
            with self._lock:
                self._current, self._next = self._next, None
                following, closing = self._current, self._closing and self._current is None
            reading.done.set()  # last: whoever asks again after an answer must not be given the same one
            if closing:
                self._client.close()
            reading = following

    def note(self, outcome: Outcome) -> Outcome:
        """Log one line when a target begins to fail, fails in another way, or is back; not one for each scrape."""
        if outcome.reason is not self._noted:
            self._noted = outcome.reason
            if outcome.reason is None:
                _log.info("target is back", target=self.name)
            else:
                _log.warning(
                    "target cannot be read", target=self.name, reason=outcome.reason.value, error=outcome.message
                )
        return outcome

    def _read(self, deadline: Deadline) -> Outcome | None:
        started = self.clock.monotonic()
        try:
            families = tuple(self._families(self._client.read(deadline)))
        except Exception as error:  # noqa: BLE001 - whatever a driver raises must not end the scrape
            seconds, message = self.clock.monotonic() - started, f"{type(error).__name__}: {error}"
            return Outcome(seconds, reason=reason_of(error), message=message)
        seconds = self.clock.monotonic() - started
        return None if deadline.over else Outcome(seconds, families)
