"""Where each controller is: v1 has a tree for each, v2 one for all, a hybrid some of both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Place:
    """One group in one hierarchy."""

    path: Path
    unified: bool


@dataclass(frozen=True)
class Mounts:
    """Hierarchies by controller; "" is the unified one."""

    by_controller: tuple[tuple[str, Path], ...]

    def place(self, controller: str, group: str) -> Place | None:
        """Return where a group's files of a controller are; None where it has none. v1 wins: v2 then lacks it."""
        known = dict(self.by_controller)
        for name in (controller, ""):
            if name in known and (path := known[name] / group).is_dir():
                return Place(path, unified=not name)
        return None


def mounts(mountinfo: str) -> Mounts:
    """Read the text of /proc/self/mountinfo."""
    found: dict[str, Path] = {}
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        fields, kind = left.split(), right.split()
        if len(fields) < 5 or len(kind) < 3:
            continue
        path = Path(_OCTAL.sub(lambda m: chr(int(m[1], 8)), fields[4]))
        if kind[0] == "cgroup2":
            found.setdefault("", path)
        elif kind[0] == "cgroup":
            for controller in kind[2].split(","):
                found.setdefault(controller, path)
    return Mounts(tuple(found.items()))
