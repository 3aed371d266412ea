"""Working hours on the weekends on which clocks change, as Alertmanager's documentation says that intervals are read.

No server's clock can be turned here: the intervals that are generated are evaluated by the words of that page.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.factories import a_spec, planned
from watchbill.targets.routes.config import DAYS, time_intervals

QUARTER = timedelta(minutes=15)
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 27, tzinfo=UTC), 23),
    ("Europe/Berlin", datetime(2026, 10, 23, tzinfo=UTC), 25),
    ("America/New_York", datetime(2026, 3, 6, tzinfo=UTC), 23),
    ("America/New_York", datetime(2026, 10, 30, tzinfo=UTC), 25),
    ("Asia/Kolkata", datetime(2026, 3, 27, tzinfo=UTC), 24),
]
"""A zone, the Friday before, and the hours that its Sunday has."""


def intervals(zone: str, *outside: str) -> list[dict[str, Any]]:
    receivers = {"page": "oncall", "ticket": "tickets"}
    routing = {"receivers": receivers, "mute_tickets": {"outside": list(outside), "zone": zone}}
    [found] = time_intervals(planned(a_spec(routing=routing)))
    listed: list[dict[str, Any]] = found["time_intervals"]
    return listed


def told(listed: list[dict[str, Any]], at: datetime) -> bool:
    """Whether any interval is active: its location's weekday and wall clock decide; ends are not part of it."""
    return any(_active(one, at.astimezone(ZoneInfo(one["location"]))) for one in listed)


def _active(one: dict[str, Any], local: datetime) -> bool:
    minute, today = local.hour * 60 + local.minute, (local.weekday() + 1) % 7
    ranges = [[DAYS.index(day) for day in text.split(":")] for text in one["weekdays"]]
    clocks = [[_minute(time[key]) for key in ("start_time", "end_time")] for time in one["times"]]
    return any(r[0] <= today <= r[-1] for r in ranges) and any(start <= minute < end for start, end in clocks)


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def quarters(friday: datetime) -> list[datetime]:
    return [friday + n * QUARTER for n in range(4 * 24 * 5)]


@pytest.mark.parametrize(("zone", "friday", "_"), CHANGES)
def test_tickets_are_told_by_the_wall_clock_before_and_after_clocks_change(zone: str, friday: datetime, _: int) -> None:
    listed = intervals(zone, "Mo-Fr 08:00-18:00")
    for at in quarters(friday):
        local = at.astimezone(ZoneInfo(zone))
        assert told(listed, at) is (local.weekday() < 5 and 8 <= local.hour < 18), local


@pytest.mark.parametrize(("zone", "friday", "hours"), CHANGES)
def test_a_whole_sunday_is_as_long_as_it_is(zone: str, friday: datetime, hours: int) -> None:
    listed = intervals(zone, "Su 00:00-24:00")
    assert sum(told(listed, at) for at in quarters(friday)) == 4 * hours


@pytest.mark.parametrize(("zone", "friday", "hours"), CHANGES)
def test_an_hour_that_is_left_out_is_never_told_and_one_that_comes_twice_is_told_twice(
    zone: str, friday: datetime, hours: int
) -> None:
    change = 2 if zone == "Europe/Berlin" or hours == 23 else 1  # the hour by the wall clock
    listed = intervals(zone, f"Su {change:02}:00-{change + 1:02}:00")
    assert sum(told(listed, at) for at in quarters(friday)) == 4 * (hours - 23)
