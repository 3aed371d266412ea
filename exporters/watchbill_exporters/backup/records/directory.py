"""The directory of records: who writes holds a lock as long as it runs, so a killed run is known as one."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from watchbill_exporters.backup.records import record as records
from watchbill_exporters.backup.records.record import SUFFIX, Kind, Record, Run
from watchbill_exporters.core import log
from watchbill_exporters.core.statefile import StateError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 1.0  # seconds; the exporter holds the lock for an instant to see whether it is free
_log = log.logger(__name__)


class BusyError(Exception):
    """Another run of the same name is under way."""


@dataclass
class Writer:
    """Holds the record of one name from the begin of a run to its end."""

    file: Path
    record: Record
    _lock: int

    @classmethod
    def open(cls, folder: Path, record: Record) -> Writer:
        """Take the lock. Raises BusyError and OSError; a damaged record is begun anew."""
        file = folder / record.file_name
        lock = os.open(_lock_of(file), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, records.READABLE)
        with suppress(OSError):  # of another user: then it is readable already
            os.fchmod(lock, records.READABLE)
        end = time.monotonic() + PATIENCE
        while not _take(lock, fcntl.LOCK_EX):
            if time.monotonic() > end:
                os.close(lock)
                raise BusyError(f"another run of {record.name} is under way")
            time.sleep(0.02)
        try:
            known = records.load(file)
        except StateError as error:
            _log.warning("record begun anew", record=str(file), error=str(error))
            known = None
        kept = _settled(replace(known, kind=record.kind, name=record.name)) if known is not None else record
        return cls(file, kept, lock)

    def begin(self, at: float) -> None:
        """Note that a run has begun. Raises OSError."""
        self.record = self.record.begun(at)
        records.write(self.file, self.record)

    def end(self, run: Run) -> None:
        """Note how it ended. Raises OSError."""
        self.record = self.record.ended(run)
        records.write(self.file, self.record)

    def close(self) -> None:
        os.close(self._lock)


def read_all(folder: Path) -> Iterator[Record]:
    """Yield every record. Raises OSError when there is no directory, StateError when one is damaged."""
    for file in sorted(folder.iterdir()):
        if file.name.endswith(SUFFIX):
            alive = _is_held(file)
            try:
                record = records.load(file)
            except StateError as error:
                raise StateError(f"{file} {error}", error.hint) from None
            if record is not None:
                yield record if alive else _settled(record)


def _settled(record: Record) -> Record:
    """Return the record with a run nobody works on any more as one that failed."""
    if record.began is None:
        return record
    return record.ended(Run(record.began, record.began, 0.0, ok=False))


def _lock_of(file: Path) -> Path:
    return file.with_name(file.name + ".lock")


def _is_held(file: Path) -> bool:
    """Return whether a run is under way. Asked before the record is read: a run that ends in between has written it."""
    try:
        lock = os.open(_lock_of(file), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _take(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def _take(lock: int, how: int) -> bool:
    with suppress(OSError):
        fcntl.flock(lock, how | fcntl.LOCK_NB)
        return True
    return False


__all__ = ["BusyError", "Kind", "Record", "Run", "Writer", "read_all"]
