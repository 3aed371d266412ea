"""Replies -> snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.clock import Clock
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.queue.catalogue import State
from watchbill_exporters.queue.snapshot import Queue, Schedule, Snapshot
from watchbill_exporters.queue.temporal.frontend import ask

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.temporal.config import TemporalConfig


class TemporalClient:
    """One namespace."""

    def __init__(self, config: TemporalConfig, clock: Clock | None = None) -> None:
        self._config, self._clock = config, clock or Clock()

    def read(self, deadline: Deadline) -> Snapshot:
        replies = ask(self._config, deadline)
        now = self._clock.now()
        queues = (self._queue(f"{name}/{kind}", reply, now) for (name, kind), reply in replies.queues.items())
        return Snapshot(tuple(queues), tuple(_schedule(name, reply) for name, reply in replies.schedules.items()))

    def close(self) -> None:
        """Nothing is kept open."""

    def _queue(self, name: str, reply: Any, now: float) -> Queue:
        if not reply.HasField("stats"):
            raise ScrapeError(Reason.VERSION, "the server tells no backlog: Temporal 1.25 is needed")
        backlog = reply.stats.approximate_backlog_count
        age = _seconds(reply.stats.approximate_backlog_age)
        asked = [_seconds(poller.last_access_time) for poller in reply.pollers]
        alive = sum(now - at <= self._config.silent_after for at in asked)
        return Queue(
            name,
            jobs={State.READY: backlog},
            oldest_ready=now - age if backlog else None,
            age_exact=False if backlog else None,  # Temporal itself calls it approximate
            workers=alive,
            stalled=len(asked) - alive,
        )


def _schedule(name: str, reply: Any) -> Schedule:
    last = [_seconds(action.actual_time) for action in reply.info.recent_actions]
    due = [_seconds(at) for at in reply.info.future_action_times]
    paused = reply.schedule.state.paused
    return Schedule(
        name,
        last_fired=max(last, default=None),
        next_due=None if paused else min(due, default=None),
        missed=reply.info.missed_catchup_window,
    )


def _seconds(message: Any) -> float:
    """Return a Timestamp or a Duration of protobuf in seconds."""
    return float(message.seconds + message.nanos / 1e9)
