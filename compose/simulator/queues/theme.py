"""Jobs are put in, workers take them out."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from compose.simulator.chance import Chance
from compose.simulator.names import QUEUES
from compose.simulator.queues.conduct import Conduct
from compose.simulator.queues.faults import faults
from compose.simulator.queues.schedules import Scheduler
from compose.simulator.queues.workers import Workers
from compose.simulator.theme import Theme, arrivals

if TYPE_CHECKING:
    from compose.simulator.fault import Fault
    from compose.simulator.settings import Settings

log = logging.getLogger(__name__)
Put = Callable[[], Coroutine[object, object, None]]
SENDERS = 4
SCHEDULED = "runs"
"""The queue that schedules put their jobs into."""


class Queues(Theme):
    """The platform's background jobs."""

    name = "queues"

    def __init__(self, settings: Settings) -> None:
        self._settings, self.conduct = settings, Conduct()
        self._scheduler = Scheduler(self.conduct)
        self._senders = ThreadPoolExecutor(SENDERS, "queues")  # a Redis that hangs must not hold up other parts
        self.pages = {"/schedules": self._scheduler.page}

    @property
    def absent(self) -> str:
        if self._settings.redis is None:
            return "there is no Redis"
        return "" if importlib.util.find_spec("celery") else "Celery is not installed"

    def faults(self) -> tuple[Fault, ...]:
        return faults(self.conduct)

    async def run(self) -> None:
        from compose.simulator.queues.app import TASK, app  # noqa: PLC0415 - Celery may not be there

        broker = self._settings.redis or ""
        app.conf.broker_url = broker
        workers = Workers(QUEUES, broker, self._settings.folder / "workers", self.conduct)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(workers.keep())
                puts = {queue: self._putting(app, TASK, queue) for queue in QUEUES}
                for queue, rate in QUEUES.items():
                    group.create_task(self._queue(puts[queue], queue, rate))
                group.create_task(self._scheduler.keep(puts[SCHEDULED]))
        finally:
            self._senders.shutdown(wait=False, cancel_futures=True)
            await asyncio.to_thread(app.close)

    async def _queue(self, put: Put, queue: str, rate: float) -> None:
        pace = self._settings.pace
        await arrivals(lambda: rate * self.conduct.pace * pace, Chance(self._settings.seed, f"arrivals {queue}"), put)

    def _putting(self, app: Any, task: str, queue: str) -> Put:
        """Return what puts one job into a queue."""
        from kombu.exceptions import OperationalError  # noqa: PLC0415 - it comes with Celery

        chance, conduct = Chance(self._settings.seed, f"queue {queue}"), self.conduct

        async def put() -> None:
            job = {"seconds": chance.around(conduct.seconds), "fails": chance.happens(conduct.fail)}
            try:
                sending = partial(app.send_task, task, kwargs=job, queue=queue, retry=False)
                await asyncio.get_running_loop().run_in_executor(self._senders, sending)
            except OperationalError as error:
                log.warning("a job for %s was not put in: %s", queue, error)

        return put
