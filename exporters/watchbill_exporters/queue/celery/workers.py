"""Workers and tasks, from the events that workers send; nothing is asked of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from threading import Lock
from typing import TYPE_CHECKING, Any

from watchbill_exporters.queue.catalogue import Slot
from watchbill_exporters.queue.snapshot import UNKNOWN_QUEUE, Queue
from watchbill_exporters.queue.tally import Counts

if TYPE_CHECKING:
    from watchbill_exporters.queue.celery.config import CeleryConfig

SETTLE, SILENT = 2, 5  # heartbeats until all workers were heard, and until one is stalled
FORGOTTEN = 300.0  # seconds until a worker that vanished is no longer shown as stalled
MOST_WORKERS, MOST_TASKS, MOST_EARLY = 10_000, 100_000, 10_000
MOST_OF_ONE = 5  # events of one task that may wait: it may be tried again for ever


@dataclass(frozen=True)
class Told:
    """What a worker said of a task."""

    kind: str
    host: str
    at: float
    runtime: float


@dataclass
class Worker:
    """One worker; times are monotonic."""

    heard: float
    active: int = 0


class Workers:
    """Takes events in, from the listener's thread; gives queues out, to the reader's."""

    def __init__(self, config: CeleryConfig) -> None:
        self._config = config
        self._lock = Lock()
        self._since: float | None = None
        self._workers: OrderedDict[str, Worker] = OrderedDict()
        self._sent: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._early: OrderedDict[str, list[Told]] = OrderedDict()
        self._counts = {queue: Counts() for queue in config.queues}

    def listening(self, now: float | None) -> None:
        """Note since when events come in, or that they do not."""
        with self._lock:
            self._since = now
            self._workers.clear()

    def take(self, event: dict[str, Any], now: float) -> None:
        kind, host = event.get("type"), event.get("hostname")
        if not isinstance(kind, str) or not isinstance(host, str):
            return
        with self._lock:
            if kind == "worker-offline":
                self._workers.pop(host, None)
            elif kind.startswith("worker-"):
                active = event.get("active")
                self._workers[host] = Worker(now, active if isinstance(active, int) else 0)
                self._workers.move_to_end(host)
                _trim(self._workers, MOST_WORKERS)
            elif self._config.events:
                self._task(kind, host, event)

    def queues(self, now: float) -> dict[str, Queue]:
        """Return what is known of each queue's workers and tasks; without a connection nothing of workers."""
        with self._lock:
            counted = {q: self._counted(q) if self._config.events else Queue(q) for q in self._config.queues}
            if self._since is None or now - self._since < SETTLE * self._config.heartbeat:
                return counted
            self._forget(now)
            hosts = {host: self._queues_of(host) for host in self._workers}
            shown = self._config.queues
            if any(UNKNOWN_QUEUE in found for found in hosts.values()):
                shown = (*(q for q in shown if any(q in found for found in hosts.values())), UNKNOWN_QUEUE)
            for queue in shown:
                mine = [self._workers[host] for host, found in hosts.items() if queue in found]
                counted[queue] = self._with_workers(counted.get(queue, Queue(queue)), mine, now)
            return counted

    def _with_workers(self, queue: Queue, workers: list[Worker], now: float) -> Queue:
        alive = [worker for worker in workers if now - worker.heard <= SILENT * self._config.heartbeat]
        return replace(queue, workers=len(alive), slots=self._slots(alive), stalled=len(workers) - len(alive))

    def _slots(self, alive: list[Worker]) -> dict[Slot, int]:
        """Return busy and idle slots; of busy ones alone, which a sum would take for all, nothing is said."""
        if self._config.concurrency is None:
            return {}
        busy = sum(worker.active for worker in alive)
        return {Slot.BUSY: busy, Slot.IDLE: max(0, len(alive) * self._config.concurrency - busy)}

    def _queues_of(self, host: str) -> tuple[str, ...]:
        for pattern, queues in self._config.workers:
            if fnmatchcase(host, pattern):
                return queues
        return self._config.queues if len(self._config.queues) == 1 else (UNKNOWN_QUEUE,)

    def _forget(self, now: float) -> None:
        for host in [host for host, worker in self._workers.items() if now - worker.heard > FORGOTTEN]:
            del self._workers[host]

    def _counted(self, queue: str) -> Queue:
        found = self._counts[queue]
        return Queue(
            queue,
            enqueued=found.enqueued or None,  # only where task-sent events are sent too, which is a setting of its own
            finished=found.finished,
            failed=found.failed,
            retried=found.retried,
            wait=found.wait.freeze() if found.enqueued else None,
            run=found.run.freeze(),
        )

    def _task(self, kind: str, host: str, event: dict[str, Any]) -> None:
        task, at = event.get("uuid"), event.get("timestamp")
        if not isinstance(task, str) or not isinstance(at, int | float):
            return
        if kind == "task-sent":
            early = self._early.pop(task, ())
            self._note_sent(task, event.get("queue") or event.get("routing_key"), at)
            if task in self._sent:
                for told in early:
                    self._tell(task, told)
            return
        runtime = event.get("runtime")
        self._tell(task, Told(kind, host, at, float(runtime) if isinstance(runtime, int | float) else 0.0))

    def _tell(self, task: str, told: Told) -> None:
        queue, sent = self._sent.get(task) or (self._only_queue_of(told.host), None)
        if sent is None and (queue not in self._counts or told.kind == "task-started"):
            # senders say that they have sent a task once it is sent: a worker with nothing to do is quicker
            early = self._early.setdefault(task, [])
            early.append(told)
            del early[:-MOST_OF_ONE]
            _trim(self._early, MOST_EARLY)
            return
        counts = self._counts.get(queue or "")
        if counts is None:
            return
        match told.kind:
            case "task-started" if sent is not None:
                counts.wait.observe(told.at - sent)
            case "task-succeeded":
                counts.finished += 1
                counts.run.observe(told.runtime)
            case "task-failed":
                counts.failed += 1
            case "task-retried":
                counts.retried += 1
        if told.kind in {"task-succeeded", "task-failed"}:
            self._sent.pop(task, None)

    def _note_sent(self, task: str, queue: object, at: float) -> None:
        if isinstance(queue, str) and queue in self._counts:
            self._counts[queue].enqueued += 1
            self._sent[task] = (queue, at)
            _trim(self._sent, MOST_TASKS)

    def _only_queue_of(self, host: str) -> str | None:
        queues = self._queues_of(host)
        return queues[0] if len(queues) == 1 else None


def _trim(entries: OrderedDict[str, Any], most: int) -> None:
    while len(entries) > most:
        entries.popitem(last=False)
