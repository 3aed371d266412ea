"""One session, five queries, one snapshot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.clock import Clock
from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.queue.catalogue import State
from watchbill_exporters.queue.fanout import Fanout
from watchbill_exporters.queue.links.layouts import check
from watchbill_exporters.queue.links.postgres import session
from watchbill_exporters.queue.naming import limit, limited
from watchbill_exporters.queue.procrastinate import layout
from watchbill_exporters.queue.procrastinate.events import BATCH, Events
from watchbill_exporters.queue.snapshot import UNKNOWN_QUEUE, Queue, Schedule, Snapshot
from watchbill_exporters.queue.tally import Counts

if TYPE_CHECKING:
    from psycopg import Connection

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.procrastinate.config import ProcrastinateConfig

LIVE_STATES = (State.READY, State.DELAYED, State.RETRY, State.RUNNING)


class ProcrastinateClient:
    """One database."""

    def __init__(self, config: ProcrastinateConfig, clock: Clock | None = None) -> None:
        self._config, self._clock = config, clock or Clock()
        self._names = limit(config.names)
        self._events, self._fanout = Events(), Fanout()

    def read(self, deadline: Deadline) -> Snapshot:
        with session(self._config.postgres, deadline) as connection:
            connection.execute("SELECT set_config('search_path', %s, true)", (self._config.schema,))
            self._check(connection)
            queues = self._live(connection)
            if self._config.counters:
                self._count(connection)
            periodic = connection.execute(layout.PERIODIC).fetchall()
            silent = self._config.stalled_after
            ((alive, stalled),) = connection.execute(layout.WORKERS_ALIVE, (silent, silent)).fetchall()
        shown = (self._counted(queue) for queue in limited(queues.values(), self._names))
        workers = Queue(UNKNOWN_QUEUE, workers=alive, stalled=stalled)
        schedules = (Schedule(task, float(at), fanout=self._fanout.take(task, at, n)) for task, at, n in periodic)
        return Snapshot((*shown, workers), tuple(schedules))

    def close(self) -> None:
        """Nothing is kept open."""

    def _check(self, connection: Connection[Any]) -> None:
        check(connection, self._config.schema, layout.TABLES)
        labels = {label for (label,) in connection.execute(layout.STATUS_LABELS, (self._config.schema,)).fetchall()}
        if labels != layout.STATUSES:
            odd = ", ".join(sorted(labels ^ layout.STATUSES))
            raise ScrapeError(Reason.VERSION, f"statuses of jobs differ ({odd}): a layout this exporter does not know")

    def _live(self, connection: Connection[Any]) -> dict[str, Queue]:
        """Return all queues that have jobs, live ones or finished ones, and those of the config."""
        found = [name for (name,) in connection.execute(layout.NAMES).fetchall()]
        names = dict.fromkeys([*self._config.names.queues, *found])
        queues = {name: Queue(name, jobs=dict.fromkeys(LIVE_STATES, 0)) for name in names}
        for name, ready, delayed, retry, running, oldest, begun in connection.execute(layout.LIVE).fetchall():
            jobs = dict(zip(LIVE_STATES, (ready, delayed, retry, running), strict=True))
            exact = None if oldest is None else True
            queues[name] = Queue(name, jobs=jobs, oldest_ready=oldest, age_exact=exact, oldest_running=begun)
        return queues

    def _count(self, connection: Connection[Any]) -> None:
        ((last,),) = connection.execute(layout.LAST_EVENT).fetchall()
        self._events.begin(last)
        rows = connection.execute(layout.EVENTS_SINCE, (self._events.low, BATCH)).fetchall()
        named = ((number, kind, self._names.admit(queue), seconds) for number, kind, queue, seconds in rows)
        self._events.take(named, self._clock.monotonic())

    def _counted(self, queue: Queue) -> Queue:
        if not self._config.counters:
            return queue
        counts = self._events.counts.get(queue.name) or Counts()
        return replace(
            queue,
            enqueued=counts.enqueued,
            finished=counts.finished,
            failed=counts.failed,
            retried=counts.retried,
            wait=counts.wait.freeze(),
            run=counts.run.freeze(),
        )
