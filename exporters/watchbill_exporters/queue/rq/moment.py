"""Times as RQ writes them."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, datetime


def unix(text: bytes | str | None) -> float | None:
    """Return Unix seconds of RQ's times, such as 2026-11-25T21:41:22.731Z; older versions write no fraction."""
    if not text:
        return None
    at = datetime.fromisoformat(text.decode() if isinstance(text, bytes) else text)
    if at.year == MAXYEAR:  # RQ's "never"
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
