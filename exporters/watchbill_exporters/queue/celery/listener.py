"""Listens to the workers' events in the background: publish and subscribe, which costs Redis no key."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core import log
from watchbill_exporters.core.errors import ScrapeError
from watchbill_exporters.queue.celery.message import events
from watchbill_exporters.queue.links.redis import connected

if TYPE_CHECKING:
    from watchbill_exporters.queue.celery.config import CeleryConfig
    from watchbill_exporters.queue.celery.workers import Workers

PATIENCE, PING, PAUSE = 10.0, 5.0, 2.0
_log = log.logger(__name__)


class Listener:
    """A thread from the first read on, until it is closed; it connects again for ever."""

    def __init__(self, config: CeleryConfig, workers: Workers) -> None:
        self._config, self._workers = config, workers
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="celery events", daemon=True)
            self._thread.start()

    def close(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        told = ""
        while not self._stop.is_set():
            try:
                self._listen()
            except (ScrapeError, OSError, ValueError) as error:
                if str(error) != told:
                    told = str(error)
                    _log.warning("celery events cannot be read", url=self._config.redis.url, error=told)
            self._workers.listening(None)
            self._stop.wait(PAUSE)

    def _listen(self) -> None:
        with connected(self._config.redis, PATIENCE, health_check_interval=PING) as client:
            sub: Any = client.pubsub()  # type: ignore[no-untyped-call]
            sub.subscribe(*self._config.channels)
            while not self._stop.is_set():
                found = sub.get_message(timeout=1.0)
                if found is None:
                    continue
                if found["type"] == "subscribe":
                    self._workers.listening(time.monotonic())
                elif found["type"] == "message":
                    for event in events(found["data"]):
                        self._workers.take(event, time.monotonic())
