"""The ledger's file: rows are appended and on disk before anybody is told so; now and then it is written anew."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from watchbill_exporters.agent.incidents.item import Item, from_row, row
from watchbill_exporters.core.errors import ExporterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class LedgerError(ExporterError):
    """The ledger cannot be used."""

    def __init__(self, message: str, hint: str) -> None:
        self.hint = hint
        super().__init__(message)


class Journal:
    """One writer at a time; whoever calls holds the ledger's lock."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._descriptor = _open(file)
        except OSError as error:
            raise LedgerError(f"the ledger cannot be opened: {error.strerror}", "Check path and permissions.") from None
        self.rows = 0

    def read(self) -> Iterator[Item]:
        """Yield every row, and cut off a last one that was never finished. Raises LedgerError."""
        data = self.file.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.ftruncate(self._descriptor, whole)  # its writer was killed: nobody was told that it is there
        for number, line in enumerate(data[:whole].splitlines(), 1):
            try:
                yield from_row(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                message, hint = f"the ledger is damaged on line {number}", "Mend or remove the line; the rest is good."
                raise LedgerError(f"{message}: {type(error).__name__}", hint) from None
            self.rows = number

    def append(self, items: Iterable[Item]) -> None:
        """Write all of them, or none. Raises OSError."""
        data = b"".join(_line(item) for item in items)
        size = os.fstat(self._descriptor).st_size
        try:
            _write(self._descriptor, data)
            os.fsync(self._descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._descriptor, size)
            raise
        self.rows += data.count(b"\n")

    def replace(self, items: Iterable[Item]) -> None:
        """Write the file anew, in one step. Raises OSError, and the old one stays."""
        draft = self.file.with_name(self.file.name + ".tmp")
        rows = [_line(item) for item in items]
        try:
            draft.unlink(missing_ok=True)
            descriptor = _open(draft)
            try:
                _write(descriptor, b"".join(rows))
                os.fsync(descriptor)
                draft.replace(self.file)
            except OSError:
                os.close(descriptor)
                raise
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise
        os.close(self._descriptor)
        self._descriptor, self.rows = descriptor, len(rows)

    def close(self) -> None:
        os.close(self._descriptor)


def _open(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise LedgerError("the ledger is in use by another exporter", "Give each exporter its own.") from None
    return descriptor


def _line(item: Item) -> bytes:
    return json.dumps(row(item), separators=(",", ":")).encode() + b"\n"


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
