"""Workers: one process a queue, started and killed by the event loop's own thread."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from compose.simulator.family import bound
from compose.simulator.names import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from compose.simulator.queues.conduct import Conduct

HEARTBEAT_SECONDS = 2


class Workers:
    """Keeps a worker for each queue while they are wanted; one that died is started again."""

    def __init__(self, queues: Iterable[str], broker: str, folder: Path, conduct: Conduct) -> None:
        self._queues, self._broker, self._folder, self._conduct = tuple(queues), broker, folder, conduct
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    async def keep(self) -> None:
        try:
            while True:
                for queue in self._queues:
                    process = self._running.get(queue)
                    if self._conduct.workers and (process is None or process.poll() is not None):
                        self._running[queue] = self._start(queue)
                    elif not self._conduct.workers and process is not None:
                        self._end(queue, signal.SIGKILL)
                await asyncio.sleep(0.5)
        finally:
            for process in self._running.values():
                process.send_signal(signal.SIGQUIT)  # Celery's cold shutdown: jobs under way are given back
            for queue in list(self._running):
                self._end(queue, signal.SIGQUIT)

    def _start(self, queue: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable, "-m", "celery", "-A", "compose.simulator.queues.app", "worker", "-Q", queue, "-E",
            "-n", f"{queue}@platform", "-c", str(THREADS), "-P", "threads", "--without-mingle", "--without-gossip",
            "--heartbeat-interval", str(HEARTBEAT_SECONDS), "-l", "WARNING",
        ]  # fmt: skip
        with (self._folder / f"worker-{queue}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - a command of our own
                bound(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder,
                env={**os.environ, "BROKER": self._broker},
            )  # fmt: skip

    def _end(self, queue: str, number: signal.Signals) -> None:
        process = self._running.pop(queue)
        process.send_signal(number)
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
