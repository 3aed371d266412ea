"""Rows -> queues and schedules, by the names of their columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.queue.catalogue import Slot, State
from watchbill_exporters.queue.naming import merged
from watchbill_exporters.queue.snapshot import Queue, Schedule

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMES = ("oldest_ready", "oldest_running")
COUNTS = ("enqueued", "finished", "failed", "retried", "workers", "stalled")
SLOTS = {f"slots_{slot}": slot for slot in Slot}
STATES = {state.value: state for state in State}
QUEUE_COLUMNS = {"queue", "state", "jobs", *STATES, *SLOTS, *TIMES, *COUNTS}
SCHEDULE_COLUMNS = {"schedule", "last_fired", "next_due", "missed"}


@dataclass
class Found:
    """What all queries told so far."""

    queues: dict[str, Queue]
    schedules: dict[str, Schedule]

    def take(self, row: Mapping[str, Any], queue: str | None) -> None:
        """Raise ScrapeError for a column or a value that is not understood."""
        known = SCHEDULE_COLUMNS if "schedule" in row else QUEUE_COLUMNS
        if odd := sorted(row.keys() - known):
            raise ScrapeError(Reason.PARSE, f"column '{odd[0]}' is not known; known: {', '.join(sorted(known))}")
        if "schedule" in row:
            self._schedule(row)
        else:
            self._queue(row, str(row["queue"]) if row.get("queue") is not None else queue)

    def _schedule(self, row: Mapping[str, Any]) -> None:
        known = ("last_fired", "next_due", "missed")
        values: dict[str, Any] = {key: number(row, key) for key in known if row.get(key) is not None}
        name = str(row["schedule"])
        self.schedules[name] = replace(self.schedules.get(name, Schedule(name)), **values)

    def _queue(self, row: Mapping[str, Any], name: str | None) -> None:
        if name is None:
            raise ScrapeError(Reason.PARSE, "a row has no column 'queue', and the target no key 'queue'")
        values: dict[str, Any] = {key: number(row, key) for key in (*TIMES, *COUNTS) if row.get(key) is not None}
        values |= {key: int(values[key]) for key in ("workers", "stalled") if key in values}
        values["jobs"] = {state: count for key, state in STATES.items() if (count := whole(row, key)) is not None}
        if "state" in row or "jobs" in row:
            values["jobs"] |= _long(row)
        values["slots"] = {slot: places for key, slot in SLOTS.items() if (places := whole(row, key)) is not None}
        if "oldest_ready" in values:
            values["age_exact"] = True
        fresh = Queue(name, **values)
        self.queues[name] = merged(self.queues[name], fresh) if name in self.queues else fresh


def _long(row: Mapping[str, Any]) -> dict[State, int]:
    if row.get("state") not in STATES:
        known = ", ".join(STATES)
        raise ScrapeError(Reason.PARSE, f"state {row.get('state')!r} is not known; give one of {known}, by CASE")
    jobs = whole(row, "jobs")
    return {} if jobs is None else {STATES[row["state"]]: jobs}


def whole(row: Mapping[str, Any], name: str) -> int | None:
    return None if row.get(name) is None else int(number(row, name))


def number(row: Mapping[str, Any], name: str) -> float:
    """Return a number; of a timestamp the Unix seconds, without a time zone taken as UTC."""
    value = row[name]
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ScrapeError(
            Reason.PARSE, f"column '{name}' should be a number or a timestamp, not {type(value).__name__}"
        )
    return float(value)
