from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.unit.tools import Asked, wrong_answers
from watchbill.calendar import CALENDAR, DAILY, elapsed_days, rolling, weekend_days
from watchbill.durations import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def month(day: datetime) -> tuple[float, float]:
    begin = day.replace(day=1)
    following = (begin + timedelta(days=32)).replace(day=1)
    return day.month, (following - begin).days


def quarter(day: datetime) -> tuple[float, float]:
    first = (day.month - 1) // 3 * 3 + 1
    begin = day.replace(month=first, day=1)
    following = day.replace(year=day.year + first // 10, month=(first + 2) % 12 + 1, day=1)
    return (day.month + 2) // 3, (following - begin).days


def week(day: datetime) -> tuple[float, float]:
    return (day - datetime(1969, 12, 29, tzinfo=UTC)).days // 7 % 5 + 0.0, 7


def shifted_week(day: datetime) -> tuple[float, float]:
    number, days = week(day)
    return (number - week(datetime(1970, 1, 5, tzinfo=UTC))[0]) % 5, days


ORACLES: dict[str, Callable[[datetime], tuple[float, float]]] = {
    "week": shifted_week,
    "month": month,
    "quarter": quarter,
}


def moments() -> list[int]:
    """Every quarter's and some months' boundaries and their seconds around, leap years included, and odd times."""
    days = [
        datetime(year, m, 1, tzinfo=UTC) for year in (1971, 1972, 2000, 2024, 2026, 2027, 2028) for m in range(1, 13)
    ]
    days += [datetime(y, 2, d, tzinfo=UTC) for y in (1972, 2024, 2025, 2028, 2096) for d in (28,)]
    days += [datetime(2028, 2, 29, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)]
    days += [datetime(2026, 11, 2, tzinfo=UTC) + timedelta(weeks=w) for w in range(11)]
    around = [int(d.timestamp()) + s for d in days for s in (-1, 0, 1, 41_017)]
    return sorted({*around, *range(1_790_000_001, 1_860_000_000, 3_456_789)})


@pytest.mark.parametrize("period", sorted(CALENDAR))
def test_stamp_and_length_are_those_of_the_second_before_for_years_of_dates(period: str, tmp_path: Path) -> None:
    asked = []
    for at in moments():
        before = datetime.fromtimestamp(at - 1, UTC).replace(hour=0, minute=0, second=0)
        number, days = ORACLES[period](before)
        asked.append(Asked(CALENDAR[period].stamp, at, number))
        asked.append(Asked(CALENDAR[period].days, at, days))
    assert wrong_answers(tmp_path, asked) == ""


@pytest.mark.parametrize("period", sorted(CALENDAR))
def test_no_period_is_longer_than_the_range_that_reads_it(period: str) -> None:
    days = [datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(6 * 366)]
    assert max(ORACLES[period](d)[1] for d in days) * DAY == CALENDAR[period].longest


@pytest.mark.parametrize("period", sorted(CALENDAR))
def test_neighbouring_periods_never_share_a_number(period: str) -> None:
    oracle = ORACLES[period]
    days = [datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(6 * 366)]
    for before, after in pairwise(days):
        assert (oracle(before)[0] != oracle(after)[0]) is begins(period, after)


def begins(period: str, day: datetime) -> bool:
    if period == "week":
        return day.weekday() == 0
    return day.day == 1 and (period == "month" or day.month in {1, 4, 7, 10})


def test_a_rolling_period_has_no_calendar() -> None:
    period = rolling(13 * DAY + 7 * HOUR)
    assert (period.text, period.is_calendar, period.longest) == ("13d7h", False, 0)


BEGINS: dict[str, Callable[[datetime], datetime]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}


def is_about(expr: str, value: float) -> str:
    return f"abs(({expr}) - {value!r}) < bool 0.000001"


def weekends(begin: datetime, end: datetime) -> float:
    """Days of weekends between two moments, parts included."""
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    return sum(min(1.0, (end - day) / timedelta(days=1)) for day in days if day.weekday() >= 5)


@pytest.mark.parametrize("name", BEGINS)
def test_days_since_a_period_began_are_exact_for_years_of_dates(name: str, tmp_path: Path) -> None:
    expr, asked = elapsed_days(DAILY if name == "day" else CALENDAR[name]), []
    for at in moments():
        before = datetime.fromtimestamp(at - 1, UTC)
        began = BEGINS[name](before.replace(hour=0, minute=0, second=0))
        asked.append(Asked(is_about(expr, (before - began) / timedelta(days=1)), at, 1))
    assert wrong_answers(tmp_path, asked) == ""


def test_weekends_of_months_of_28_to_31_days_are_counted_so_far_and_in_all(tmp_path: Path) -> None:
    period, asked, lengths = CALENDAR["month"], [], set()
    elapsed = elapsed_days(period)
    so_far = f"{weekend_days()} - {weekend_days(elapsed)}"
    in_all = f"{weekend_days(elapsed, period.days)} - {weekend_days(elapsed)}"
    for at in moments():
        before = datetime.fromtimestamp(at - 1, UTC)
        began = before.replace(day=1, hour=0, minute=0, second=0)
        lengths.add(month(began)[1])
        ends = began + timedelta(days=month(began)[1])
        asked.append(Asked(is_about(so_far, weekends(began, before)), at, 1))
        asked.append(Asked(is_about(in_all, weekends(began, ends)), at, 1))
    assert lengths == {28, 29, 30, 31}
    assert wrong_answers(tmp_path, asked) == ""
