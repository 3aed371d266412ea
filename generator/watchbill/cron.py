"""Cron expressions: when they fire in a time zone, the most that comes in a window, and the longest silence.

Five fields, with names, lists, ranges and steps; Sunday is 0 or 7; where both day fields are restricted, one of them is
enough (crontab(5)). Around a change of clocks as Debian's cron: expressions of a fixed time fire once, at the change if
their time is skipped; ones with a wildcard minute or hour fire whenever the clock shows their time.
Everything is computed over the four years from 2024, a leap year: no clock is read. Times are ms.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from watchbill.durations import DAY, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from zoneinfo import ZoneInfo

BEGIN, END = date(2024, 1, 1), date(2028, 1, 1)
LONG_END = date(2033, 1, 1)
"""Silences are looked for up to here: 29 February comes every four years."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MACROS = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}  # fmt: skip
_PART = re.compile(r"(?:(\*)|([a-z0-9]{1,3})(?:-([a-z0-9]{1,3}))?)(?:/(\d{1,3}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cron:
    """An expression, read. `both`: both day fields are restricted, so that either is enough."""

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    both: bool
    fixed: bool

    def fires_on(self, day: date) -> bool:
        """Whether it fires on a day."""
        if day.month not in self.months:
            return False
        in_month, in_week = day.day in self.days, (day.weekday() + 1) % 7 in self.weekdays
        return in_month or in_week if self.both else in_month and in_week

    def times(self) -> tuple[int, ...]:
        """Return the minutes of a day at which it fires."""
        return tuple(h * 60 + m for h in self.hours for m in self.minutes)


def parse(text: str) -> Cron:
    """Return the expression. Raises ValueError, with what is wrong, for anything else and for dates that never are."""
    fields = MACROS.get(text.strip().lower(), text).lower().split()
    if len(fields) != 5:
        raise ValueError(f"{text[:60]!r} has {len(fields)} fields; five are wanted: minute hour day month weekday")
    minutes = _field(fields[0], 0, 59, "minute")
    hours = _field(fields[1], 0, 23, "hour")
    days = _field(fields[2], 1, 31, "day")
    months = _field(fields[3], 1, 12, "month", MONTHS, first=1)
    weekdays = frozenset(d % 7 for d in _field(fields[4], 0, 7, "weekday", WEEKDAYS))
    open_days = fields[2].startswith("*"), fields[4].startswith("*")
    longest = max(monthrange(2024, m)[1] for m in months)
    if min(days) > longest and (open_days[1] or open_days[0]):
        raise ValueError(f"{text[:60]!r} never fires: no such day in these months")
    fixed = not fields[0].startswith("*") and not fields[1].startswith("*")
    return Cron(text, minutes, hours, frozenset(days), frozenset(months), weekdays, not any(open_days), fixed)


def _field(text: str, low: int, high: int, what: str, names: tuple[str, ...] = (), first: int = 0) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{part[:20]!r} is no {what}")
        begin = low if match[1] else _number(match[2], what, names, first)
        end = (high if match[4] or match[1] else begin) if match[3] is None else _number(match[3], what, names, first)
        step = int(match[4] or 1)
        if match[3] is not None and what == "weekday" and end == 0 < begin:
            end = 7  # Sat-Sun
        if not low <= begin <= high or not low <= end <= high:
            raise ValueError(f"{part[:20]!r}: a {what} is from {low} to {high}")
        if begin > end:
            raise ValueError(f"{part[:20]!r} runs backwards; write two parts, joined by a comma")
        if step < 1:
            raise ValueError(f"{part[:20]!r}: a step is 1 or more")
        found.update(range(begin, (6 if what == "weekday" and match[3] is None and step > 1 else end) + 1, step))
    return tuple(sorted(found))


def _number(text: str, what: str, names: tuple[str, ...], first: int) -> int:
    if text in names:
        return names.index(text) + first
    if not text.isdecimal():
        raise ValueError(f"{text[:20]!r} is no {what}")
    return int(text)


def firings(cron: Cron, day: date, zone: ZoneInfo) -> list[int]:
    """Return the times, ms since 1970, at which it fires on a local day."""
    if not cron.fires_on(day):
        return []
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    begin, end = (int(at.timestamp() * 1000) for at in (midnight, midnight + timedelta(days=1)))
    if end - begin == DAY and midnight.utcoffset() == (midnight + timedelta(hours=23, minutes=59)).utcoffset():
        return [begin + t * MINUTE for t in cron.times()]
    if cron.fixed:
        return sorted({_instant(midnight, t) for t in cron.times()})
    wanted = set(cron.times())
    return [at for at in range(begin, end, MINUTE) if _shown(at, zone) in wanted]


def _shown(at: int, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(at / 1000, zone)
    return local.hour * 60 + local.minute


def _instant(midnight: datetime, minute: int) -> int:
    """Return when a clock first shows a time of the day; the end of the gap for one that it skips."""
    local = midnight.replace(hour=minute // 60, minute=minute % 60, fold=0)
    at = local.astimezone(UTC)
    back = at.astimezone(local.tzinfo)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):  # skipped: the first instant after the gap
        before, after = local.utcoffset(), local.replace(fold=1).utcoffset()
        gap = abs((before or timedelta()) - (after or timedelta()))
        low, high = at - gap, at + gap
        while high - low > timedelta(minutes=1):
            middle = (low + (high - low) / 2).replace(second=0, microsecond=0)
            same = middle.astimezone(local.tzinfo).utcoffset() == low.astimezone(local.tzinfo).utcoffset()
            low, high = (middle, high) if same else (low, middle)
        at = high
    return int(at.timestamp() * 1000)


def _days(begin: date = BEGIN, end: date = END) -> Iterator[date]:
    for n in range((end - begin).days):
        yield begin + timedelta(days=n)


@lru_cache(maxsize=256)
def peak(schedules: tuple[tuple[Cron, float], ...], window: int, zone: ZoneInfo) -> tuple[float, int]:
    """Return the most jobs that fire within `window` ms, and when (ms since 1970) that is for the first time.

    Days on which the same schedules fire, after the same days before, and with the same clocks, are looked at once.
    """
    back = -(-window // DAY)
    best, when = 0.0, 0
    seen: set[tuple[object, ...]] = set()
    for day in _days():
        span = [day - timedelta(days=n) for n in range(back, -1, -1)]
        clocks = [datetime(d.year, d.month, d.day, h, tzinfo=zone).utcoffset() for d in span for h in (0, 12)]
        key = (tuple(c.fires_on(d) for d in span for c, _ in schedules), len(set(clocks)) > 1 and day)
        if key in seen:
            continue
        seen.add(key)
        events = sorted((at, jobs) for d in span for cron, jobs in schedules for at in firings(cron, d, zone))
        low, total = 0, 0.0
        for i, (at, jobs) in enumerate(events):
            total += jobs
            while events[low][0] <= at - window:
                total -= events[low][1]
                low += 1
            if total > best and (i + 1 == len(events) or events[i + 1][0] > at):
                best, when = total, at
    return best, when


@lru_cache(maxsize=256)
def longest_silence(cron: Cron, zone: ZoneInfo) -> int:
    """Return the longest time, ms, between two firings."""
    within = max((b - a for a, b in pairwise(cron.times())), default=0) * MINUTE
    first, last = cron.times()[0] * MINUTE, cron.times()[-1] * MINUTE
    fires = [day for day in _days(BEGIN, LONG_END) if cron.fires_on(day)]
    between = max(((b - a).days * DAY + first - last for a, b in pairwise(fires)), default=0)
    return max(within, between) + _clock_change(zone)


def _clock_change(zone: ZoneInfo) -> int:
    """Return by how much, ms, the clock is set back at most."""
    offsets = [datetime(2024, m, 1, tzinfo=zone).utcoffset() or timedelta() for m in range(1, 13)]
    return int((max(offsets) - min(offsets)).total_seconds() * 1000)


def unfinished(
    schedules: Iterable[tuple[Cron, float]], per_minute: float, zone: ZoneInfo, days: int = 62
) -> Mapping[str, int]:
    """Return the expressions whose jobs are not done before they fire again, with how often, within `days` from 2024.

    Jobs are done first come, first served, `per_minute` of them, whatever expression they are of.
    """
    listed = tuple(schedules)
    span = list(_days(BEGIN, BEGIN + timedelta(days=days)))
    events = sorted((at, n) for day in span for n, (cron, _) in enumerate(listed) for at in firings(cron, day, zone))
    found: dict[str, int] = {}
    done_at: dict[int, float] = {}
    free = 0.0
    for at, n in events:
        if done_at.get(n, 0) > at:
            found[listed[n][0].text] = found.get(listed[n][0].text, 0) + 1
        free = max(free, at) + listed[n][1] / per_minute * MINUTE
        done_at[n] = free
    return found
