"""Runs the queries in one read-only transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.queue.links.postgres import session
from watchbill_exporters.queue.naming import limit, limited
from watchbill_exporters.queue.snapshot import Snapshot
from watchbill_exporters.queue.sql.rows import Found

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.sql.config import SqlConfig

MOST_ROWS = 10_000


class SqlClient:
    """One database."""

    def __init__(self, config: SqlConfig) -> None:
        self._config = config
        self._names = limit(config.names)

    def read(self, deadline: Deadline) -> Snapshot:
        found = Found({}, {})
        with session(self._config.postgres, deadline) as connection:
            for place, query in enumerate(self._config.queries, 1):
                cursor = connection.execute(query.encode())
                names = [column.name for column in cursor.description or ()]
                rows = cursor.fetchmany(MOST_ROWS + 1)
                if len(rows) > MOST_ROWS:
                    raise ScrapeError(Reason.PARSE, f"query {place} gives more than {MOST_ROWS} rows; use GROUP BY")
                for row in rows:
                    found.take(dict(zip(names, row, strict=True)), self._config.queue)
        return Snapshot(limited(found.queues.values(), self._names), tuple(found.schedules.values()))

    def close(self) -> None:
        """Nothing is kept open."""
