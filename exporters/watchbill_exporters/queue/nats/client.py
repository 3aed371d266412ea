"""Page -> snapshot."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.queue.catalogue import State
from watchbill_exporters.queue.links.http import fetch
from watchbill_exporters.queue.naming import limit, limited
from watchbill_exporters.queue.snapshot import Queue, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.queue.nats.config import NatsConfig

PATH = "/jsz?streams=true&consumers=true&config=true&limit=1024"


class NatsClient:
    """One server."""

    def __init__(self, config: NatsConfig) -> None:
        self._config = config
        self._names = limit(config.names)

    def read(self, deadline: Deadline) -> Snapshot:
        page = fetch(self._config.http, PATH, deadline)
        if page.get("disabled") or "config" not in page:
            raise ScrapeError(Reason.PARSE, "JetStream is not enabled on this server")
        return Snapshot(limited(self._queues(page), self._names))

    def close(self) -> None:
        """Nothing is kept open."""

    def _queues(self, page: dict[str, Any]) -> Iterator[Queue]:
        for account in page.get("account_details") or ():
            if self._config.account in {None, account["name"]}:
                for stream in account.get("stream_detail") or ():
                    for consumer in stream.get("consumer_detail") or ():
                        yield _queue(stream, consumer)


def _queue(stream: dict[str, Any], consumer: dict[str, Any]) -> Queue:
    state, config = stream["state"], consumer.get("config") or {}
    whole = not (config.get("filter_subject") or config.get("filter_subjects"))
    oldest = _oldest(stream, consumer) if whole else None
    return Queue(
        f"{stream['name']}/{consumer['name']}",
        jobs={State.READY: consumer["num_pending"], State.RUNNING: consumer["num_ack_pending"]},
        oldest_ready=oldest,
        age_exact=None if oldest is None else True,
        enqueued=float(state["last_seq"]) if whole else None,
    )


def _oldest(stream: dict[str, Any], consumer: dict[str, Any]) -> float | None:
    """Return the time of the stream's first message, where that is the consumer's.

    It is when the stream forgets what was acknowledged, has one consumer, and none of the messages is at a worker.
    """
    only = (stream.get("config") or {}).get("retention") == "workqueue" and stream["state"]["consumer_count"] == 1
    if not only or consumer["num_ack_pending"] or not consumer["num_pending"]:
        return None
    text: str = stream["state"]["first_ts"]
    return datetime.fromisoformat(text).timestamp()
