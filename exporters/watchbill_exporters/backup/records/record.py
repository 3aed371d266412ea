"""One file of state: what is known of the runs of one backup, check, or test of a restore."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from watchbill_exporters.core.statefile import Layout, StateError, save

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = Layout("watchbill-backup-record", 1)
SUFFIX = ".record"
READABLE = 0o644  # nothing in it is secret, and the exporter may run as somebody else


class Kind(StrEnum):
    """What was run."""

    BACKUP = "backup"
    CHECK = "check"
    RESTORE = "restore"


@dataclass(frozen=True)
class Run:
    """A run that ended; `seconds` is of a monotonic clock, so a clock that was set meanwhile does not matter."""

    began: float
    ended: float
    seconds: float
    ok: bool
    code: int | None = None
    size: float | None = None
    recovery_point: float | None = None
    rows: int | None = None
    mismatches: int | None = None


@dataclass(frozen=True)
class Record:
    """The last run, the last good one, and when the one under way began."""

    kind: Kind
    name: str
    repository: str = ""
    began: float | None = None
    last: Run | None = None
    last_good: Run | None = None

    @property
    def file_name(self) -> str:
        """Return a name that no other record has; a name may hold slashes."""
        parts = (self.kind.value, self.repository, self.name)
        return ",".join(part.replace("%", "%25").replace("/", "%2F").replace(",", "%2C") for part in parts) + SUFFIX

    def begun(self, at: float) -> Record:
        return replace(self, began=at)

    def ended(self, run: Run) -> Record:
        return replace(self, began=None, last=run, last_good=run if run.ok else self.last_good)


_RECORD: TypeAdapter[Record] = TypeAdapter(Record)


def load(file: Path) -> Record | None:
    """Return the record, None when there is none. Raises StateError."""
    payload = FORMAT.load(file)
    if not payload:
        return None
    try:
        return _RECORD.validate_python(payload)
    except ValidationError:
        raise StateError("does not fit: it has other fields") from None


def write(file: Path, record: Record) -> None:
    """Replace the record as a whole. Raises OSError."""
    payload: dict[str, Any] = asdict(record)
    save(file, FORMAT.dump(payload), READABLE)
