"""The Prometheus and Alertmanager that the demo runs: the newest on PATH or in `.tools`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.toolchain import Tool, matrix

if TYPE_CHECKING:
    from pathlib import Path


class MissingToolsError(Exception):
    """Nothing to run was found."""


@dataclass(frozen=True)
class Tools:
    prometheus: Tool
    promtool: Path
    alertmanager: Tool


def find() -> Tools:
    """Return the newest of each. Raises MissingToolsError."""
    prometheus, promtool, alertmanager = (_newest(name) for name in ("prometheus", "promtool", "alertmanager"))
    return Tools(prometheus, promtool.path, alertmanager)


def _newest(name: str) -> Tool:
    found = [entry for entry in matrix(name) if isinstance(entry, Tool)]
    if not found:
        why = "; ".join(map(str, matrix(name)))
        raise MissingToolsError(f"{name} was not found ({why}): run `make tools`, or put it on PATH")
    return max(found, key=lambda tool: tuple(map(int, tool.version.split("."))))
