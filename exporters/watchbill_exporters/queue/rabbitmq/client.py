"""Page -> snapshot. RabbitMQ itself renews these figures every 5 s (collect_statistics_interval)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from watchbill_exporters.queue.catalogue import State
from watchbill_exporters.queue.links.http import fetch
from watchbill_exporters.queue.naming import limit, limited
from watchbill_exporters.queue.snapshot import Queue, Snapshot

if TYPE_CHECKING:
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.rabbitmq.config import RabbitConfig

COLUMNS = (
    "name,messages_ready,messages_unacknowledged,consumers,head_message_timestamp,"
    "message_stats.publish,message_stats.ack,message_stats.redeliver"
)
STATES = {State.READY: "messages_ready", State.RUNNING: "messages_unacknowledged"}


class RabbitClient:
    """One virtual host."""

    def __init__(self, config: RabbitConfig) -> None:
        self._config = config
        self._names = limit(config.names)

    def read(self, deadline: Deadline) -> Snapshot:
        mode = fetch(self._config.http, "/api/overview?columns=rates_mode", deadline).get("rates_mode")
        path = f"/api/queues/{quote(self._config.vhost, safe='')}?columns={COLUMNS}"
        rows = fetch(self._config.http, path, deadline)
        return Snapshot(limited((_queue(row, counted=mode != "none") for row in rows), self._names))

    def close(self) -> None:
        """Nothing is kept open."""


def _queue(row: dict[str, Any], *, counted: bool) -> Queue:
    """Return a queue; one that is down has no figures, and one that nothing went through no statistics yet."""
    stats: dict[str, Any] = row.get("message_stats") or {}
    total = (lambda name: float(stats.get(name, 0))) if counted and "messages_ready" in row else lambda _: None
    oldest = row.get("head_message_timestamp")  # only where publishers set the property `timestamp`
    exact = isinstance(oldest, int | float) and bool(row.get("messages_ready"))
    return Queue(
        str(row["name"]),
        jobs={state: int(row[key]) for state, key in STATES.items() if isinstance(row.get(key), int)},
        oldest_ready=float(oldest) if exact and isinstance(oldest, int | float) else None,
        age_exact=True if exact else None,
        enqueued=total("publish"),
        finished=total("ack"),
        retried=total("redeliver"),
        workers=row.get("consumers"),
    )
