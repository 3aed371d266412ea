"""Cron expressions against crontab(5), and against a library that nobody here wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim, CronSimError
from hypothesis import given, settings
from hypothesis import strategies as st

from watchbill import cron
from watchbill.durations import DAY, HOUR, MINUTE

BERLIN, NEW_YORK, NONE = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("UTC")


def fires(text: str, begin: date, days: int, zone: ZoneInfo = NONE) -> list[str]:
    read = cron.parse(text)
    found = (at for n in range(days) for at in cron.firings(read, begin + timedelta(days=n), zone))
    return [f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M}" for at in found]


def theirs(text: str, begin: date, days: int, zone: ZoneInfo) -> list[str]:
    first = datetime(begin.year, begin.month, begin.day, tzinfo=zone)
    last = first + timedelta(days=days)
    out = []
    for at in CronSim(text, first - timedelta(minutes=1)):
        if at >= last:
            break
        out.append(f"{at.astimezone(UTC):%Y-%m-%d %H:%M}")
    return out


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("0 2 * * *", ["2024-01-01 02:00", "2024-01-02 02:00"]),
        ("30 4 1,15 * 5", ["2024-01-01 04:30", "2024-01-05 04:30", "2024-01-12 04:30", "2024-01-15 04:30"]),
        ("0 0 13 * fri", ["2024-01-05 00:00", "2024-01-12 00:00", "2024-01-13 00:00"]),
        ("0 0 */10 * mon", ["2024-01-01 00:00"]),
        ("5/20 23 7 jan *", ["2024-01-07 23:05", "2024-01-07 23:25", "2024-01-07 23:45"]),
        ("@weekly", ["2024-01-07 00:00", "2024-01-14 00:00"]),
    ],
    ids=[
        "every night", "one of the two day fields is enough", "so is it on a Friday and a 13th",
        "a step of all days is no restriction: both must hold", "a step from a number runs to the end", "a macro",
    ],
)  # fmt: skip
def test_an_expression_fires_as_crontab_says(text: str, seen: list[str]) -> None:
    assert fires(text, date(2024, 1, 1), 2 if text == "0 2 * * *" else 15) == seen


@pytest.mark.parametrize("sunday", ["0", "7", "sun", "Sun", "7-7", "0-0"])
def test_sunday_is_0_and_7_and_has_a_name(sunday: str) -> None:
    assert fires(f"0 9 * * {sunday}", date(2024, 1, 1), 10) == ["2024-01-07 09:00"]


def test_a_range_may_end_with_sunday() -> None:
    assert cron.parse("0 9 * * fri-sun").weekdays == {5, 6, 0} == cron.parse("0 9 * * 5-7").weekdays


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("0 2 * *", "4 fields"), ("0 2 * * * *", "6 fields"), ("60 * * * *", "from 0 to 59"),
        ("* 24 * * *", "from 0 to 23"), ("* * 0 * *", "from 1 to 31"), ("* * * 13 *", "from 1 to 12"),
        ("* * * * 8", "from 0 to 7"), ("*/0 * * * *", "a step"), ("5-1 * * * *", "backwards"),
        ("x * * * *", "no minute"), ("* * * mon *", "no month"), ("1,,2 * * * *", "no minute"),
        ("0 0 31 2,4 *", "never fires"), ("", "0 fields"), ("@reboot", "1 fields"),
        ("0 2 L * *", "no day"), ("\u0661 * * * *", "no minute"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_and_says_why(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        cron.parse(text)


@pytest.mark.parametrize(
    ("text", "day", "zone", "seen"),
    [
        ("30 2 * * *", date(2024, 3, 31), BERLIN, ["2024-03-31 01:00"]),
        ("30 2 * * *", date(2024, 10, 27), BERLIN, ["2024-10-27 00:30"]),
        ("30 * * * *", date(2024, 10, 27), BERLIN, None),
        ("15 2 * * *", date(2024, 3, 10), NEW_YORK, ["2024-03-10 07:00"]),
        ("*/30 2 * * *", date(2024, 3, 10), NEW_YORK, []),
    ],
    ids=[
        "a skipped time fires at the change", "a repeated one fires once", "a wildcard fires in both",
        "in another zone", "a wildcard in a skipped hour does not fire",
    ],
)  # fmt: skip
def test_clocks_that_change_do_not_lose_or_double_a_firing(
    text: str, day: date, zone: ZoneInfo, seen: list[str] | None
) -> None:
    got = fires(text, day, 1, zone)
    assert got == seen if seen is not None else len(got) == 25
    assert got == theirs(text, day, 1, zone)


numbers = st.integers(0, 70).map(str)
spans = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda two: f"{min(two)}-{max(two)}")
wide = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(lambda two: f"{two[0]}-{two[0] + two[1]}")
"""The other library takes `5-5/2` for `5/2`."""
parts = st.one_of(
    st.just("*"), numbers, spans, st.tuples(st.just("*") | wide, st.integers(1, 40)).map(lambda t: f"{t[0]}/{t[1]}")
)
fields = st.lists(parts, min_size=1, max_size=3).map(",".join) | st.just("*")
small = st.sampled_from(["*", "1", "0", "2", "*/2", "1-5", "1,3", "5-7", "mon", "sun", "mon-fri", "6", "7", "4/2"])
days = st.sampled_from(["*", "1", "13", "1,15", "*/5", "1-7", "31", "30", "10-20/3"])
months = st.sampled_from(["*", "1", "3", "10", "jan-mar", "*/2", "2", "jun"])


@settings(max_examples=300, deadline=None)
@given(
    fields, fields, days, months, small, st.sampled_from([date(2024, 3, 28), date(2024, 10, 25), date(2023, 12, 20)])
)
def test_it_fires_when_another_library_says(
    minute: str, hour: str, day: str, month: str, week: str, begin: date
) -> None:
    text = f"{minute} {hour} {day} {month} {week}"
    try:
        CronSim(text, datetime(2024, 1, 1, tzinfo=BERLIN))
    except CronSimError:
        return
    assert fires(text, begin, 6, BERLIN) == theirs(text, begin, 6, BERLIN)


def listed(**jobs: float) -> tuple[tuple[cron.Cron, float], ...]:
    return tuple((cron.parse(text), n) for text, n in jobs.items())


def test_the_peak_is_where_schedules_meet() -> None:
    schedules = listed(**{"0 2 * * *": 400, "*/15 * * * *": 20})
    assert cron.peak(schedules, 15 * MINUTE, NONE)[0] == 420
    assert cron.peak(schedules, 16 * MINUTE, NONE)[0] == 440
    best, when = cron.peak(listed(**{"0 0 1 * *": 100, "55 23 * * 0": 30}), 10 * MINUTE, NONE)
    assert best == 130
    assert f"{datetime.fromtimestamp(when / 1000, UTC):%a %d %b %H:%M}" == "Mon 01 Jan 00:00"


def test_the_peak_counts_an_hour_that_comes_twice() -> None:
    schedules = listed(**{"0 * * * *": 10, "15 2 * * *": 5})
    assert cron.peak(schedules, 4 * HOUR, BERLIN)[0] == 45
    assert cron.peak(listed(**{"15 2 * * *": 5, "30 2 * * *": 5, "0 3 * * *": 7}), MINUTE, BERLIN)[0] == 17
    assert cron.peak(listed(**{"15 2 * * *": 5, "30 2 * * *": 5, "0 3 * * *": 7}), MINUTE, NONE)[0] == 7


@pytest.mark.parametrize(
    ("text", "zone", "silence"),
    [
        ("*/15 * * * *", NONE, 15 * MINUTE), ("0 2 * * *", NONE, DAY), ("0 2 * * *", BERLIN, DAY + HOUR),
        ("0 9-17 * * 1-5", NONE, 2 * DAY + 16 * HOUR), ("0 0 1 * *", NONE, 31 * DAY), ("0 0 29 2 *", NONE, 1461 * DAY),
    ],
)  # fmt: skip
def test_the_longest_silence_is_over_nights_weekends_and_months(text: str, zone: ZoneInfo, silence: int) -> None:
    assert cron.longest_silence(cron.parse(text), zone) == silence


def test_work_that_is_not_done_before_it_comes_again_is_named() -> None:
    schedules = listed(**{"0 2 * * *": 400, "*/15 * * * *": 20})
    assert cron.unfinished(schedules, 40, NONE) == {}
    found = cron.unfinished(schedules, 4, NONE)
    assert set(found) == {"*/15 * * * *"}
    assert set(cron.unfinished(schedules, 1, NONE)) == {"*/15 * * * *", "0 2 * * *"}
