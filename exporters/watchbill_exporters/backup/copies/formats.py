"""What a file or directory of a backup is, when it was begun, and whether it is whole. Only ends are read."""

from __future__ import annotations

import io
import re
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

TAIL = 4096
PLAIN_END = re.compile(rb"-- PostgreSQL database (?:cluster )?dump complete")
PLAIN_HEAD = re.compile(rb"-- PostgreSQL database (?:cluster )?dump\b")
COMPRESSED = (".gz", ".zst", ".xz", ".bz2", ".lz4", ".gpg", ".age", ".enc")
_STARTED = re.compile(rb"START TIME: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (\S+)")
_CUSTOM, _BYTE_COMPRESSION = b"PGDMP", 15  # since archive version 1.15, PostgreSQL 16, compression is one byte
_END_OF_DATA = bytes(5)  # a chunk of length 0, after the last table of the custom format


@dataclass(frozen=True)
class Copy:
    """What was found; `began` is None when the format does not tell."""

    size: float
    whole: bool
    began: float | None = None


def inspect(path: Path, zone: ZoneInfo | None) -> Copy:
    """Return what stands there. `zone` is that of the host that dumped: the formats keep local times."""
    if path.is_dir():
        return _directory(path, zone)
    size = path.stat().st_size
    with path.open("rb") as handle:
        head = handle.read(TAIL)
        handle.seek(max(0, size - TAIL))
        tail = handle.read(TAIL)
    if head.startswith(_CUSTOM):
        return Copy(size, tail.endswith(_END_OF_DATA), custom_began(head, zone))
    if PLAIN_HEAD.search(head):
        return Copy(size, PLAIN_END.search(tail) is not None)
    if head[257:262] == b"ustar":
        return Copy(size, not any(tail[-1024:]) and size >= 1024, _tar_began(head, zone))
    return Copy(size, size > 0 and path.name.endswith(COMPRESSED))  # what is inside cannot be seen without reading all


def custom_began(head: bytes, zone: ZoneInfo | None) -> float | None:
    """Return the time in the header of pg_dump's archives: a struct tm, each number a sign and `size` bytes."""
    minor, size = head[6], head[8]
    at = 11 + (1 if minor >= _BYTE_COMPRESSION else 1 + size)
    numbers = [int.from_bytes(head[at + i * (1 + size) + 1 :][:size], "little") for i in range(6)]
    second, minute, hour, day, month, year = numbers
    try:
        return datetime(1900 + year, month + 1, day, hour, minute, min(second, 59), tzinfo=zone).timestamp()
    except (ValueError, OverflowError):
        return None


def label_began(text: bytes, zone: ZoneInfo | None) -> float | None:
    """Return the START TIME of a backup_label; its zone is an abbreviation, of which only UTC can be told for sure."""
    found = _STARTED.search(text)
    if found is None:
        return None
    known = UTC if found[2] in {b"UTC", b"GMT"} else zone
    return datetime.strptime(found[1].decode(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=known).timestamp()


def _directory(path: Path, zone: ZoneInfo | None) -> Copy:
    size = float(sum(entry.stat().st_size for entry in path.rglob("*") if entry.is_file()))
    if (toc := path / "toc.dat").is_file():  # written last
        return Copy(size, True, custom_began(_head(toc), zone))
    if (path / "PG_VERSION").is_file():
        whole = _manifest_is_whole(path) and (path / "global" / "pg_control").is_file()
        label = path / "backup_label"
        return Copy(size, whole, label_began(_head(label), zone) if label.is_file() else None)
    bases = sorted(path.glob("base.tar*"))
    if bases:
        return Copy(size, _manifest_is_whole(path), _base_began(bases[0], zone))
    return Copy(size, whole=False)


def _head(path: Path) -> bytes:
    with path.open("rb") as handle:
        return handle.read(TAIL)


def _manifest_is_whole(path: Path) -> bool:
    """Return whether pg_basebackup came to its end: the manifest comes last, its checksum is its last line."""
    manifest = path / "backup_manifest"
    if not manifest.is_file():
        return False
    with manifest.open("rb") as handle:
        handle.seek(max(0, manifest.stat().st_size - TAIL))
        return b'"Manifest-Checksum"' in handle.read()


def _base_began(base: Path, zone: ZoneInfo | None) -> float | None:
    """Return the START TIME out of base.tar, whose first member is backup_label."""
    if not base.name.endswith((".tar", ".tar.gz")):
        return None
    try:
        with tarfile.open(base) as archive:
            member = archive.next()
            inner = archive.extractfile(member) if member is not None and member.name == "backup_label" else None
            return label_began(_read(inner), zone)
    except (tarfile.TarError, EOFError, OSError):
        return None


def _tar_began(head: bytes, zone: ZoneInfo | None) -> float | None:
    try:
        with tarfile.open(fileobj=io.BytesIO(head)) as archive:
            member = archive.next()
            name = member.name if member is not None else ""
    except tarfile.TarError:
        return None
    return custom_began(head[512:], zone) if name == "toc.dat" and head[512:517] == _CUSTOM else None


def _read(handle: IO[bytes] | None) -> bytes:
    return handle.read(TAIL) if handle is not None else b""
