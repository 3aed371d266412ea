"""Times as Go writes them: RFC 3339 with nanoseconds, which `fromisoformat` does not read in full."""

from __future__ import annotations

import re
from datetime import datetime

_FRACTION = re.compile(r"\.(\d+)")


def moment(text: str) -> float:
    """Return Unix time, seconds; 0 for what is no time, or before 1970 (Go's zero time is the year 1)."""
    fraction = _FRACTION.search(text)
    try:
        whole = datetime.fromisoformat(_FRACTION.sub("", text, count=1)).timestamp()
    except ValueError:
        return 0.0
    return max(0.0, whole + (float(f"0.{fraction[1]}") if fraction else 0.0))
