"""Lines -> records -> counters: a batch is counted and its position moved under one lock, or neither is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from watchbill_exporters.core import log
from watchbill_exporters.core.records.decode import Fields, Refusal, RefusedError, decode
from watchbill_exporters.core.records.tail import Tail, TailConfig

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Event

    from watchbill_exporters.core.memory.catalogue import FileFamilies
    from watchbill_exporters.core.memory.tally import Tally
    from watchbill_exporters.core.records.follow import Batch, Followed

PAUSE = 0.25
_log = log.logger(__name__)
RecordT = TypeVar("RecordT")


class Handler(Protocol[RecordT]):
    """What one input does with its lines."""

    def parse(self, fields: Fields) -> RecordT:
        """Return the record of a line. Pure; raises RefusedError."""

    def prepare(self, records: Sequence[RecordT]) -> None:
        """Do what is slow and may be done twice, before the lock is taken; an error leaves the lines for later."""

    def apply(self, record: RecordT) -> None:
        """Count it; the lock is held. Raises RefusedError before it has changed anything."""

    def look(self, now: float, *, caught_up: bool) -> None:
        """Note that time has passed; the lock is held. `caught_up`: every whole line was read."""


class Intake(Generic[RecordT]):
    """Reads the files of one input. One thread runs it."""

    def __init__(
        self, name: str, tally: Tally, handler: Handler[RecordT], config: TailConfig, families: FileFamilies
    ) -> None:
        self.name = name
        self.tail = Tail(config)
        self._tally, self._handler, self._families = tally, handler, families
        self._told: Counter[str] = Counter()

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            if not self.tick():
                stop.wait(PAUSE)

    def tick(self) -> bool:
        """Take what is new, within bounds; return whether there was anything."""
        now, busy = self._tally.tick(), False
        for followed, batch in self.tail.batches(now):
            self._take(followed, batch)
            busy = True
        with self._tally.lock:
            self._tell()
            self._handler.look(now, caught_up=not busy)
        return busy

    def export(self) -> list[object]:
        return self.tail.export()

    def restore(self, data: list[list[object]]) -> None:
        self.tail.restore(data)

    def _take(self, followed: Followed, batch: Batch) -> None:
        refused = Counter({Refusal.TOO_LONG: batch.too_long})
        records = []
        for line in batch.lines:
            try:
                records.append(self._handler.parse(decode(line)))
            except RefusedError as error:
                refused[error.reason] += 1
                _log.debug("line refused", input=self.name, reason=error.reason.value, why=str(error))
        self._handler.prepare(records)
        with self._tally.lock:
            taken = sum(self._apply(record, refused) for record in records)
            self._tally.add(self._families.lines, (self.name,), taken)
            for reason, count in refused.items():
                self._tally.add(self._families.refused, (self.name, reason.value), count)
            self.tail.commit(followed, batch)

    def _apply(self, record: RecordT, refused: Counter[Refusal]) -> bool:
        """Nothing may leave this loop half way: what is counted and the position would part."""
        try:
            self._handler.apply(record)
        except RefusedError as error:
            refused[error.reason] += 1
        except Exception as error:  # noqa: BLE001 - see above
            refused[Refusal.FAILED] += 1
            _log.error("record failed", exc_info=True, input=self.name, error=type(error).__name__)
        else:
            return True
        return False

    def _tell(self) -> None:
        for event, count in self.tail.events.items():
            self._tally.add(self._families.events, (self.name, event), count - self._told[event])
            self._told[event] = count
        self._tally.put(self._families.files, (self.name,), self.tail.files)
        self._tally.put(self._families.unread, (self.name,), self.tail.unread)
