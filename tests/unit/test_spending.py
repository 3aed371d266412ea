"""The maths of budgets on numbers that can be checked by hand, and on published ones."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from watchbill import spending
from watchbill.durations import DAY, HOUR, MINUTE, SECOND, WEEK

TILE, SLOW = 30 * SECOND, 5 * MINUTE
WEEKLY = spending.Plan(weekend=0.35)


def at(text: str) -> float:
    """Return days since 1970 of a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() / 86400


def test_tiers_of_a_month_are_the_workbooks_less_the_one_that_allows_no_more_than_the_allowance() -> None:
    found = spending.tiers(30 * DAY, TILE, SLOW)
    assert [(t.name, t.severity, round(t.budget, 9), t.long, t.short) for t in found] == [
        ("fast", "page", 0.02, HOUR, 5 * MINUTE),
        ("sustained", "page", 0.05, 6 * HOUR, 30 * MINUTE),
        ("slow", "ticket", 0.1, DAY, 2 * HOUR),
    ]


@pytest.mark.parametrize("period", [DAY, WEEK, 30 * DAY, 90 * DAY])
def test_tiers_keep_their_burn_rates_in_every_period(period: int) -> None:
    rates = {t.name: spending.tier_rate(t, period) for t in spending.tiers(period, TILE, SLOW)}
    assert rates == pytest.approx({"fast": 14.4, "sustained": 6, "slow": 3}, rel=0.05)


def test_tiers_that_would_need_half_the_allowance_are_left_out() -> None:
    assert [t.name for t in spending.tiers(DAY, HOUR, HOUR)] == []
    assert [t.name for t in spending.tiers(WEEK, 10 * MINUTE, 10 * MINUTE)] == ["fast", "sustained", "slow"]


@pytest.mark.parametrize(
    ("moment", "period", "elapsed", "days"),
    [
        ("2024-02-29T12:00", "month", 28.5, 29),
        ("2026-02-28T18:00", "month", 27.75, 28),
        ("2026-12-31T00:00", "month", 30, 31),
        ("2026-11-25T06:00", "week", 2.25, 7),  # a Wednesday
        ("2026-11-25T06:00", "day", 0.25, 1),
    ],
)
def test_periods_begin_by_the_calendar(moment: str, period: str, elapsed: float, days: float) -> None:
    assert spending.elapsed(period, at(moment)) == pytest.approx(elapsed)
    assert spending.days(period, at(moment)) == days


def test_a_weekly_plan_weighs_weekends_less() -> None:
    monday = at("2026-11-23T00:00")
    assert spending.weight(WEEKLY, monday, monday + 7) == pytest.approx(5.7)
    assert spending.planned(WEEKLY, "week", monday + 5) == pytest.approx(5 / 5.7)
    assert spending.planned(WEEKLY, "week", monday + 6) == pytest.approx(5.35 / 5.7)
    assert spending.planned(spending.Plan(), "week", monday + 6) == pytest.approx(6 / 7)


def test_a_plan_of_a_month_knows_where_its_weekends_are() -> None:
    """November 2026 begins on a Sunday: 21 working days and 9 of weekends."""
    assert spending.weight(WEEKLY, at("2026-11-01T00:00"), at("2026-12-01T00:00")) == pytest.approx(21 + 9 * 0.35)
    assert spending.planned(WEEKLY, "month", at("2026-11-02T00:00")) == pytest.approx(0.35 / (21 + 9 * 0.35))


def test_a_period_watched_from_its_middle_on_is_held_to_that_part_of_the_plan() -> None:
    assert spending.watched(0.5, 15, 15) == 0.5
    assert spending.watched(0.5, 15, 3) == pytest.approx(0.1)
    assert spending.watched(0.5, 15, 20) == 0.5


def test_a_forecast_carries_on_the_mean_day() -> None:
    linear = spending.Plan()
    assert spending.forecast_month(0.4, 0.03, linear, 30, 0.5) == pytest.approx(0.4 + 0.03 * 15)
    five_of_week = 0.03 * 7 / 5.7
    total = 24.15
    assert spending.forecast_month(0.4, 0.03, WEEKLY, total, 0.5) == pytest.approx(0.4 + five_of_week * total / 2)


def test_what_nobody_watched_is_taken_at_the_same_mean() -> None:
    """On the 15th of 30 days, watched for 3: spent 9 %, 3 % a day - the month costs 90 %."""
    planned = spending.watched(0.5, 15, 3)
    assert spending.forecast_month(0.09, 0.03, spending.Plan(), 30, planned) == pytest.approx(0.9)


def test_an_allowance_lasts_as_long_as_its_rest_at_the_rate() -> None:
    assert spending.exhaustion(0.9, 0.1) == pytest.approx(1)
    assert spending.exhaustion(1.2, 0.1) == 0
    assert spending.exhaustion(0.9, 0) == math.inf


def test_margins_shrink_with_the_rest_of_the_period() -> None:
    assert spending.margin("month", 1) == 0.12
    assert spending.margin("month", 0.25) == 0.03
    assert spending.margin("day", 1) == 0.3


@pytest.mark.parametrize(
    ("ratio", "centre", "sigma", "excess", "expected"),
    [
        (math.log(1.6), 0, 0.05, 2, True),
        (math.log(1.6), 0, 0.05, 1, False),  # too little money
        (math.log(1.4), 0, 0.05, 2, False),  # under half as much again
        (math.log(1.6), 0, 0.2, 2, False),  # its own noise is as large
        (math.log(1.6), -9, 0.05, 2, True),  # the centre is bounded
        (math.log(2.0), 0.35, 0.05, 2, False),  # growth has moved the centre
    ],
)
def test_unusual_is_far_dear_and_unlike_its_own_past(
    *, ratio: float, centre: float, sigma: float, excess: float, expected: bool
) -> None:
    assert spending.unusual(ratio, centre, sigma, excess, floor=1) is expected


def test_the_ratio_to_the_usual_is_damped_where_little_is_spent() -> None:
    assert spending.log_ratio(200, [100, 90, 110, 400], 100) == pytest.approx(math.log(205 / 110))
    assert spending.log_ratio(2, [1], 100) == pytest.approx(math.log(7 / 6))
