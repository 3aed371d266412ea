"""The copies in a directory, by name; a glob says which, the name without its date is the source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.backup.section import BackupSection, SourceSection
from watchbill_exporters.core.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATE = re.compile(r"[-_.:@]?\d{4}-?\d{2}-?\d{2}(?:[-_.:T]?\d{2}[-_.:hH]?\d{2}(?:[-_.:mM]?\d{2})?)?Z?")
_ENDING = re.compile(r"(\.[A-Za-z][A-Za-z0-9]{0,7})+$")
PARTIAL = (".tmp", ".part", ".partial", "~", "-wal", "-shm", "-journal", ".lock")


class CopiesSection(BackupSection):
    """Copies in one directory, one file or directory each."""

    directory: Path = Field(description="Where the copies are.")
    files: str = Field("*", description="A glob of the names of copies.")
    sources: tuple[SourceSection, ...] = Field((), description="Which names (`name:`) belong to which source.")
    state: Path | None = Field(None, description="Where `wrap --repository` with this name keeps its records.")


def copies(directory: Path, pattern: str) -> Iterator[Path]:
    """Yield the copies. Raises OSError when there is no directory."""
    with_hidden = pattern.startswith(".")
    for path in sorted(directory.iterdir()):
        hidden = path.name.startswith(".") and not with_hidden
        if not hidden and path.match(pattern) and not path.name.endswith(PARTIAL):
            yield path


def stem(name: str) -> str:
    """Return the name without date and endings: orders-2026-11-25.sql.gz is of orders."""
    return _DATE.sub("", _ENDING.sub("", name)) or "all"


def only_names(section: CopiesSection) -> None:
    """Raise InvalidError for rules that copies in a directory cannot fit."""
    for index, entry in enumerate(section.sources):
        for key in ("host", "path", "tag"):
            if getattr(entry, key) is not None:
                raise InvalidError(("sources", index, key), f"a copy has no {key}", "Use `name:`, a glob.")
