"""The SRE workbook's published figures (chapter 5, "Alerting on SLOs"), against our formulas."""

from __future__ import annotations

import math

import pytest

from watchbill import burn
from watchbill.durations import DAY, HOUR, MINUTE, SECOND

MONTH = 30 * DAY
BUDGET = 0.001  # 99.9 %


def within(value: float) -> object:
    return pytest.approx(value, rel=0.005)


def test_table_5_1_ten_minutes_at_the_objective_see_a_total_outage_in_600_ms_and_spend_0_02_percent() -> None:
    assert burn.detection_time(10 * MINUTE, BUDGET, 1.0) == within(0.6 * SECOND)
    assert burn.budget_spent(10 * MINUTE, BUDGET, BUDGET, MONTH) == within(0.000231)
    assert DAY // (10 * MINUTE) == 144


def test_table_5_2_a_36_hour_window_spends_5_percent_and_sees_a_total_outage_in_2_min_10_s() -> None:
    assert burn.budget_spent(36 * HOUR, BUDGET, BUDGET, MONTH) == within(0.05)
    assert burn.detection_time(36 * HOUR, BUDGET, 1.0) == within(2 * MINUTE + 9.6 * SECOND)
    assert burn.reset_time(36 * HOUR, BUDGET, 1.0) == within(36 * HOUR)


def test_table_5_3_an_hours_pending_time_lets_a_total_outage_spend_140_percent_and_spikes_35() -> None:
    assert burn.budget_spent(HOUR, 1.0, BUDGET, MONTH) == within(1.39)
    spikes = 3 * burn.budget_spent(5 * MINUTE, 1.0, BUDGET, MONTH)
    assert spikes == pytest.approx(0.35, abs=0.005)


@pytest.mark.parametrize(
    ("rate", "errors", "gone"),
    [(1, 0.001, 30 * DAY), (2, 0.002, 15 * DAY), (10, 0.01, 3 * DAY), (1000, 1.0, 43.2 * MINUTE)],
)
def test_table_5_4_burn_rates_error_ratios_and_times_to_exhaustion(rate: float, errors: float, gone: float) -> None:
    assert rate * BUDGET == within(errors)
    assert burn.exhaustion_time(rate, MONTH) == within(gone)


def test_table_5_5_five_percent_in_an_hour_is_burn_rate_36_and_resets_after_58_minutes() -> None:
    rate = burn.burn_rate(0.05, MONTH, HOUR)
    assert rate == within(36)
    assert burn.reset_time(HOUR, rate * BUDGET, 1.0) == within(57.84 * MINUTE)
    assert burn.detection_time(HOUR, rate * BUDGET, 35 * BUDGET) == math.inf
    assert burn.exhaustion_time(35, MONTH) == within(20.57 * HOUR)


@pytest.mark.parametrize(
    ("share", "window", "rate"), [(0.02, HOUR, 14.4), (0.05, 6 * HOUR, 6), (0.10, 3 * DAY, 1), (0.10, DAY, 3)]
)
def test_tables_5_6_and_5_8_budget_shares_and_their_burn_rates(share: float, window: int, rate: float) -> None:
    assert burn.burn_rate(share, MONTH, window) == pytest.approx(rate)


def test_table_5_8_and_its_example_are_the_standard_ladder_windows_and_severities_included() -> None:
    tiers = burn.fit(burn.STANDARD, period=MONTH, budget_ratio=BUDGET, tile=30 * SECOND, slow_tile=5 * MINUTE)
    assert [(t.severity, t.long, t.short, t.budget) for t in tiers] == [
        ("page", HOUR, 5 * MINUTE, 0.02),
        ("page", 6 * HOUR, 30 * MINUTE, 0.05),
        ("ticket", DAY, 2 * HOUR, 0.10),
        ("ticket", 3 * DAY, 6 * HOUR, 0.10),
    ]
    assert [t.burn_rate(MONTH) for t in tiers] == pytest.approx([14.4, 6, 3, 1])


def test_text_ten_minutes_at_15_percent_errors() -> None:
    """The book rounds to at once, 5, 5 and 60 minutes."""
    threshold = 14.4 * BUDGET
    assert burn.detection_time(5 * MINUTE, threshold, 0.15) == within(0.48 * MINUTE)
    assert burn.detection_time(HOUR, threshold, 0.15) == within(5.76 * MINUTE)
    assert burn.reset_time(5 * MINUTE, threshold, 0.15) == within(4.52 * MINUTE)
    assert burn.reset_time(HOUR, threshold, 0.15) == within(54.24 * MINUTE)


@pytest.mark.parametrize(("errors", "minutes"), [(1.0, 0.864), (0.15, 5.76), (0.05, 17.28), (0.02, 43.2)])
def test_detection_by_the_14_4_page(errors: float, minutes: float) -> None:
    assert burn.detection_time(HOUR, 14.4 * BUDGET, errors) == within(minutes * MINUTE)


def test_background_errors_bring_detection_forward() -> None:
    assert burn.detection_time(70 * MINUTE, 0.03, 0.51, 0.01) == within(2.8 * MINUTE)


def test_text_one_failure_among_ten_an_hour_is_a_tenth_of_a_1000_fold_burn_and_seven_are_a_month() -> None:
    assert burn.exhaustion_time(1000, MONTH) == within(43.2 * MINUTE)
    assert burn.budget_spent(HOUR, 0.1, BUDGET, MONTH) == within(0.139)
    assert math.floor(10 * 24 * 30 * BUDGET) == 7


def test_text_at_90_percent_an_hours_total_outage_spends_too_little_for_2_percent_in_an_hour() -> None:
    assert burn.budget_spent(HOUR, 1.0, 0.1, MONTH) == within(0.0139)
    assert burn.detection_time(HOUR, 14.4 * 0.1, 1.0) == math.inf


def test_text_at_99_999_percent_a_total_outage_is_a_month_of_budget_in_26_seconds() -> None:
    assert burn.exhaustion_time(1 / 1e-5, MONTH) == within(25.92 * SECOND)


def test_three_errors_among_ten_at_99_9_percent_carry_14_1_nats_of_evidence() -> None:
    assert burn.evidence(3, 10, BUDGET) == pytest.approx(14.1, abs=0.05)


def test_errors_within_the_budget_carry_no_evidence_and_without_a_budget_all_there_is() -> None:
    assert burn.evidence(1, 1000, BUDGET) == 0
    assert burn.evidence(1, 0, BUDGET) == math.inf
    assert burn.evidence(7, 1000, BUDGET) > burn.evidence(6, 1000, BUDGET) > burn.evidence(6, 1100, BUDGET)
