"""The size in what restic and borg print with --json: on the last lines of the output."""

from __future__ import annotations

import json
from typing import Any


def size_of(output: bytes) -> float | None:
    """Return the bytes that were backed up, None when the output does not tell."""
    text = output.decode(errors="replace")
    return _restic(text) if '"summary"' in text else _borg(text)


def _restic(text: str) -> float | None:
    for line in reversed(text.splitlines()):
        found = _object(line)
        if found.get("message_type") == "summary":
            return _number(found.get("total_bytes_processed"))
    return None


def _borg(text: str) -> float | None:
    """Read the last JSON object that begins at the start of a line: borg spreads it over many."""
    at = len(text)
    while (at := text.rfind("{", 0, at)) >= 0:
        if at == 0 or text[at - 1] == "\n":
            archive = _object(text[at:]).get("archive")
            stats = archive.get("stats") if isinstance(archive, dict) else None
            return _number(stats.get("original_size")) if isinstance(stats, dict) else None
    return None


def _object(text: str) -> dict[str, Any]:
    try:
        found, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None
