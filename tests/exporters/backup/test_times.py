"""What a query of the user gives as a time."""

from __future__ import annotations

import pytest

from watchbill_exporters.backup.times import unix_time
from watchbill_exporters.core.errors import ScrapeError


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (1_790_000_000, 1_790_000_000.0),
        ("1790000000.5", 1_790_000_000.5),
        (1_790_000_000_500, 1_790_000_000.5),
        ("2026-09-21 14:13:20+00", 1_790_000_000.0),
        ("2026-09-21 16:13:20.25+02:00", 1_790_000_000.25),
        ("2026-09-21T14:13:20Z", 1_790_000_000.0),
        ("2026-09-21 14:13:20", 1_790_000_000.0),
        (None, None),
        ("", None),
    ],
)
def test_seconds_milliseconds_and_iso_8601_are_read_and_no_zone_is_utc(given: object, seconds: float | None) -> None:
    assert unix_time(given) == seconds


def test_what_is_no_time_is_refused_and_not_shown() -> None:
    with pytest.raises(ScrapeError) as error:
        unix_time("bob@example.org")
    assert "bob" not in str(error.value)
