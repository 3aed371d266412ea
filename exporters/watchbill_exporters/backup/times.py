"""What a query of the user gives as a time."""

from __future__ import annotations

from datetime import UTC, datetime

from watchbill_exporters.core.errors import Reason, ScrapeError

MILLISECONDS = 1e11  # as seconds this is the year 5138


def unix_time(value: object) -> float | None:
    """Return Unix seconds from seconds, milliseconds or ISO 8601; a time without a zone is UTC."""
    if value is None or value == "":
        return None
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        return number / 1000 if number > MILLISECONDS else number
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ScrapeError(Reason.PARSE, "the query gave no time: Unix seconds or ISO 8601 is needed") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
