"""Background tasks of feeds: each in a thread, started again when it fails, stopped together."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from watchbill_exporters.core import log

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill_exporters.core.contract import Task

PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
GRACE = 5.0
_log = log.logger(__name__)


class Supervisor:
    """Runs tasks until stopped; `failures` counts by task name."""

    def __init__(self, pauses: tuple[float, ...] = PAUSES) -> None:
        self.failures: dict[str, int] = {}
        self._pauses = pauses
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, tasks: Iterable[Task]) -> None:
        self._stop = threading.Event()
        for task in tasks:
            self.failures.setdefault(task.name, 0)
            thread = threading.Thread(target=self._keep, args=(task, self._stop), name=task.name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, grace: float = GRACE) -> None:
        """Ask all to end, and wait for them, but not for ever."""
        self._stop.set()
        for thread in self._threads:
            thread.join(grace)
            if thread.is_alive():
                _log.warning("task does not end", task=thread.name, waited_seconds=grace)
        self._threads.clear()

    def _keep(self, task: Task, stop: threading.Event) -> None:
        failed = 0
        while not stop.is_set():
            try:
                task.run(stop)
            except Exception as error:  # noqa: BLE001 - one bad file must not end the exporter
                self.failures[task.name] += 1
                pause = self._pauses[min(failed, len(self._pauses) - 1)]
                failed += 1
                message = f"{type(error).__name__}: {error}"
                _log.error("task failed", exc_info=True, task=task.name, error=message, again_in_seconds=pause)
                stop.wait(pause)
            else:
                return
