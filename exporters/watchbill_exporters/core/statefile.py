"""State files: a header with layout, version and checksum, then JSON. One is whole or it is refused."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.errors import ExporterError

if TYPE_CHECKING:
    from pathlib import Path

HINT = "Move the file away to start from 0; a copy of an earlier state may be put in its place."


class StateError(ExporterError):
    """The state cannot be used."""

    def __init__(self, message: str, hint: str = HINT) -> None:
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True)
class Layout:
    """Whose state it is, and the newest version of it that this code reads."""

    format: str
    version: int

    def dump(self, payload: dict[str, Any]) -> bytes:
        body = json.dumps(payload, separators=(",", ":")).encode()
        whole = {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        header = {"format": self.format, "version": self.version, **whole}
        return json.dumps(header).encode() + b"\n" + body

    def parse(self, data: bytes) -> dict[str, Any]:
        """Return the payload. Raises StateError."""
        head, newline, body = data.partition(b"\n")
        try:
            header = json.loads(head)
            known = header["format"] == self.format
            version = int(header["version"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise StateError("is damaged: it has no header") from None
        if not known or not newline:
            raise StateError("is damaged: it has no header")
        if version > self.version:
            hint = f"This version reads up to {self.version}. Upgrade, or move the file away to start from 0."
            raise StateError(f"was written by a newer version (layout {version})", hint)
        if len(body) != header.get("bytes") or hashlib.sha256(body).hexdigest() != header.get("sha256"):
            raise StateError("is damaged: the checksum does not fit")
        payload: dict[str, Any] = json.loads(body)
        return payload

    def load(self, file: Path) -> dict[str, Any]:
        """Return the payload of a file, nothing when there is none. Raises StateError."""
        try:
            return self.parse(file.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StateError(f"cannot be read: {error.strerror}", "Check path and permissions.") from None


def save(file: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace the file as a whole, or leave the old one. Raises OSError."""
    draft = file.with_name(file.name + ".tmp")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "wb") as handle:
            os.fchmod(descriptor, mode)  # whatever the umask says
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(file)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def lock(file: Path) -> int:
    """Return the open lock of a state: two exporters on one would undo what the other did. Raises StateError."""
    try:
        descriptor = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StateError(f"cannot be locked: {error.strerror}", "Check path and permissions.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise StateError("is in use by another exporter", "Give each exporter a state file of its own.") from None
    return descriptor
