"""The state file of an exporter that remembers: its counters, and what must fit them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill_exporters.core.statefile import HINT, Layout, StateError, save

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HINT", "StateError", "dump", "load", "parse", "save"]
VERSION = 1


def dump(payload: dict[str, Any], of: str) -> bytes:
    """Return the bytes of a state of the exporter whose prefix is `of`."""
    return _layout(of).dump(payload)


def parse(data: bytes, of: str) -> dict[str, Any]:
    """Return the payload. Raises StateError."""
    return _layout(of).parse(data)


def load(file: Path, of: str) -> dict[str, Any]:
    """Return the payload of a file, nothing when there is none. Raises StateError."""
    return _layout(of).load(file)


def _layout(of: str) -> Layout:
    return Layout(f"watchbill-{of}-state", VERSION)
