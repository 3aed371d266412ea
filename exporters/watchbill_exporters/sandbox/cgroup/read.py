"""What a parent group says of all that ever ran in it: the kernel keeps the CPU time of groups that are removed."""

from __future__ import annotations

import fnmatch
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core.errors import Reason, ScrapeError

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill_exporters.sandbox.cgroup.mounts import Mounts, Place

UNLIMITED = 2**62
"""v1 writes a page less than 2^63 where there is no limit."""


@dataclass(frozen=True)
class Usage:
    """A pool as its parent group shows it; None is unknown. `children`: creation times of the groups in it."""

    cpu_seconds: float | None
    memory: float | None
    memory_limit: float | None
    oom_kills: float | None
    children: tuple[float, ...] | None


def usage(found: Mounts, group: str, children: str) -> Usage:
    """Return what can be known of a group. Raises ScrapeError where it is in no hierarchy, OSError."""
    cpu, memory = found.place("cpuacct", group), found.place("memory", group)
    if cpu is None and memory is None:
        raise ScrapeError(Reason.CONNECT, f"there is no group {group}")
    shown = next(p for p in (memory, cpu) if p is not None)
    return Usage(
        cpu_seconds=_cpu(cpu) if cpu else None,
        memory=_memory(memory) if memory else None,
        memory_limit=_limit(memory) if memory else None,
        oom_kills=_table(memory.path / "memory.events").get("oom_kill") if memory and memory.unified else None,
        children=_children(shown.path, children) if children else None,
    )


def _cpu(place: Place) -> float | None:
    if place.unified:
        micros = _table(place.path / "cpu.stat").get("usage_usec")
        return None if micros is None else micros / 1e6
    nanos = _number(place.path / "cpuacct.usage")
    return None if nanos is None else nanos / 1e9


def _memory(place: Place) -> float | None:
    return _number(place.path / ("memory.current" if place.unified else "memory.usage_in_bytes"))


def _limit(place: Place) -> float | None:
    limit = _number(place.path / ("memory.max" if place.unified else "memory.limit_in_bytes"))
    return None if limit is None or limit >= UNLIMITED else limit


def _number(file: Path) -> float | None:
    try:
        return float(file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):  # "max", or a controller that is not switched on
        return None


def _table(file: Path) -> dict[str, float]:
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return {}
    return {name: float(value) for name, _, value in (line.partition(" ") for line in lines) if value.isdigit()}


def _children(path: Path, pattern: str) -> tuple[float, ...]:
    found = []
    for entry in os.scandir(path):
        if entry.is_dir(follow_symlinks=False) and fnmatch.fnmatchcase(entry.name, pattern):
            try:
                found.append(entry.stat(follow_symlinks=False).st_mtime)
            except FileNotFoundError:
                continue
    return tuple(found)
