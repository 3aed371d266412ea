"""One session, one snapshot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.queue.catalogue import State
from watchbill_exporters.queue.dbos import layout
from watchbill_exporters.queue.dbos.window import BATCH, Window
from watchbill_exporters.queue.fanout import Fanout
from watchbill_exporters.queue.links.layouts import check
from watchbill_exporters.queue.links.postgres import session
from watchbill_exporters.queue.naming import limit, limited
from watchbill_exporters.queue.snapshot import Queue, Schedule, Snapshot
from watchbill_exporters.queue.tally import Counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.dbos.config import DbosConfig

STATES = (State.READY, State.DELAYED, State.RUNNING, State.DEAD)


class DbosClient:
    """One system database."""

    def __init__(self, config: DbosConfig) -> None:
        self._config = config
        self._names = limit(config.names)
        self._created, self._completed, self._fanout = Window(), Window(), Fanout()
        self._counts: dict[str, Counts] = {}

    def read(self, deadline: Deadline) -> Snapshot:
        with session(self._config.postgres, deadline) as connection:
            connection.execute("SELECT set_config('search_path', %s, true)", (self._config.schema,))
            self._check(connection)
            queues = self._live(connection)
            self._count(connection)
            schedules = connection.execute(layout.SCHEDULED).fetchall()
        shown = tuple(self._counted(queue) for queue in limited(queues.values(), self._names))
        return Snapshot(shown, tuple(self._schedule(row) for row in schedules))

    def close(self) -> None:
        """Nothing is kept open."""

    def _check(self, connection: Connection[Any]) -> None:
        check(connection, self._config.schema, layout.TABLES)
        ((version,),) = connection.execute(layout.VERSION).fetchall()
        if version is None or version > self._config.newest:
            known = f"up to {self._config.newest} are known; see newest_migration"
            raise ScrapeError(Reason.VERSION, f"DBOS's migration is {version}, {known}")

    def _live(self, connection: Connection[Any]) -> dict[str, Queue]:
        names = [name for (name,) in connection.execute(layout.NAMES).fetchall()]
        jobs = {name: dict.fromkeys(STATES, 0) for name in (*self._config.names.queues, *names)}
        times: dict[str, tuple[float | None, float | None]] = {}
        for name, ready, delayed, running, *at in connection.execute(layout.LIVE).fetchall():
            jobs[name] = {State.READY: ready, State.DELAYED: delayed, State.RUNNING: running, State.DEAD: 0}
            times[name] = (at[0], at[1])
        for name, dead in connection.execute(layout.DEAD).fetchall():
            jobs.setdefault(name, dict.fromkeys(STATES, 0))[State.DEAD] = dead
        return {name: _queue(name, found, *times.get(name, (None, None))) for name, found in jobs.items()}

    def _count(self, connection: Connection[Any]) -> None:
        ((created, completed),) = connection.execute(layout.LATEST).fetchall()
        rows = connection.execute(layout.CREATED, (self._created.since(created), BATCH)).fetchall()
        for _, _, queue in self._created.fresh(rows, created):
            self._of(queue).enqueued += 1
        rows = connection.execute(layout.COMPLETED, (self._completed.since(completed), BATCH)).fetchall()
        for _, _, queue, status, waited, ran in self._completed.fresh(rows, completed):
            counts = self._of(queue)
            counts.finished += status == "SUCCESS"
            counts.failed += status in {"ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}
            if waited is not None and ran is not None:
                counts.wait.observe(waited)
                counts.run.observe(ran)

    def _of(self, queue: str) -> Counts:
        return self._counts.setdefault(self._names.admit(queue), Counts())

    def _counted(self, queue: Queue) -> Queue:
        counts = self._counts.get(queue.name) or Counts()
        return replace(
            queue,
            enqueued=counts.enqueued,
            finished=counts.finished,
            failed=counts.failed,
            wait=counts.wait.freeze(),
            run=counts.run.freeze(),
        )

    def _schedule(self, row: Sequence[Any]) -> Schedule:
        name, fired, ended, jobs = row
        if fired is None:
            return Schedule(name)
        return Schedule(name, fired, fanout=self._fanout.take(name, fired, jobs, settled=bool(ended)))


def _queue(name: str, jobs: dict[State, int], oldest: float | None, begun: float | None) -> Queue:
    return Queue(name, jobs, oldest, None if oldest is None else True, begun)
