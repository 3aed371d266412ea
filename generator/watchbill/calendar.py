"""Budget periods and maintenance schedules: rolling windows, calendar periods, and the PromQL that tells them."""

from __future__ import annotations

from dataclasses import dataclass

from watchbill.durations import DAY, MINUTE, WEEK, format_duration

_JUST_NOW = "vector(time() - 1)"


@dataclass(frozen=True, slots=True)
class Period:
    """A budget period. `length` is the rolling length, ms; for a calendar period the length its alerts use.

    `stamp` is PromQL giving the current period's number (one sample, no labels) from a small closed set; `days` is
    PromQL giving the period's length in days; `longest` is a range, ms, that covers any such period.
    """

    text: str
    length: int
    stamp: str = ""
    days: str = ""
    longest: int = 0

    @property
    def is_calendar(self) -> bool:
        """Whether the budget starts afresh at a calendar boundary (UTC)."""
        return bool(self.stamp)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A daily time, minutes of the day in UTC, on days from `first` to `last` (0 is Sunday; None: every day)."""

    start: int
    end: int
    first: int | None = None
    last: int = 6

    def promql(self) -> str:
        """Return PromQL with a sample while it holds."""
        minute = "hour() * 60 + minute()"
        inside = f"{minute} >= {self.start} and {minute} < {self.end}"
        if self.first is None:
            return inside
        if self.first <= self.last:
            return f"day_of_week() >= {self.first} <= {self.last} and {inside}"
        return f"(day_of_week() >= {self.first} or day_of_week() <= {self.last}) and {inside}"

    def holds(self, at: int) -> bool:
        """Whether it holds at `at` ms since 1970-01-01, a Thursday."""
        day, minute = (at // DAY + 4) % 7, at % DAY // MINUTE
        if self.first is not None:
            inside = (
                self.first <= day <= self.last if self.first <= self.last else day >= self.first or day <= self.last
            )
            if not inside:
                return False
        return self.start <= minute < self.end


def rolling(length: int) -> Period:
    """Return a rolling period of `length` ms."""
    return Period(format_duration(length), length)


# Weeks are numbered modulo 5 so that the label stays a closed set; 2678400 s is five weeks less four days, since
# 1970-01-05 was a Monday. Month and quarter numbers
# repeat only after a year, which no range below reaches. The second before now decides: a tile ends at its stamp.
_QUARTER = f"ceil(month({_JUST_NOW}) / 3)"
_LEAP = "(year() % 4 == bool 0)"

CALENDAR = {
    "week": Period("week", WEEK, f"floor(({_JUST_NOW} + 2678400) / 604800) % 5", "vector(7)", WEEK),
    "month": Period("month", 30 * DAY, f"month({_JUST_NOW})", f"days_in_month({_JUST_NOW})", 31 * DAY),
    "quarter": Period(
        "quarter",
        90 * DAY,
        _QUARTER,
        f"92 - ({_QUARTER} == bool 2) - ({_QUARTER} == bool 1) * (2 - {_LEAP})",
        92 * DAY,
    ),
}
"""Calendar periods, UTC. The leap-year rule holds from 1901 to 2099."""

DAILY = Period("day", DAY, f"day_of_week({_JUST_NOW})", "vector(1)", DAY)
"""A calendar day: too short for an objective's budget, not for an allowance."""

BEGIN_OF_WEEKS = 3_283_200
"""Seconds from a Monday, five weeks and three days before 1970-01-01, so that no week in reach is numbered below 0."""


def elapsed_days(period: Period) -> str:
    """Return PromQL with the days since a calendar period began (one sample, no labels)."""
    of_day = f"{_JUST_NOW} % 86400 / 86400"
    if period.text == "month":
        return f"day_of_month({_JUST_NOW}) - 1 + {of_day}"
    return f"({_JUST_NOW} + 259200) % 604800 / 86400" if period.text == "week" else of_day


def weekend_days(back: str = "", ahead: str = "") -> str:
    """Return PromQL with the weekend days, parts of days included, since some Monday long ago.

    Of the moment `back` days ago, and `ahead` days after that (both PromQL of one sample without labels).
    """
    at = f"({_JUST_NOW} + {BEGIN_OF_WEEKS}) / 86400"
    at = f"({at}{f' - ({back})' if back else ''}{f' + {ahead}' if ahead else ''})"
    return f"(2 * floor({at} / 7) + clamp_min({at} % 7 - 5, 0))"
