from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watchbill import burn
from watchbill.durations import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from watchbill.burn import Tier

objectives = st.integers(min_value=1000, max_value=99_999).map(lambda n: n / 1000)
periods = st.integers(min_value=DAY // (5 * MINUTE), max_value=90 * DAY // (5 * MINUTE)).map(lambda n: n * 5 * MINUTE)
tiles = st.sampled_from([15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE])


def fitted(
    objective: float, period: int = 30 * DAY, ladder: str = "standard", tile: int = 30 * SECOND
) -> tuple[Tier, ...]:
    budget = (100 - objective) / 100
    return burn.fit(
        burn.LADDERS[ladder], period=period, budget_ratio=budget, tile=tile, slow_tile=max(tile, 5 * MINUTE)
    )


@given(objectives, periods, st.sampled_from(sorted(burn.LADDERS)), tiles)
@example(80.0, 30 * DAY, "standard", 30 * SECOND)
@example(1.0, DAY, "dense", 2 * MINUTE)
@example(99.999, 90 * DAY, "dense", 15 * SECOND)
def test_default_tiers_can_fire_and_never_at_a_sustainable_pace(
    objective: float, period: int, ladder: str, tile: int
) -> None:
    found = fitted(objective, period, ladder, tile)
    budget = (100 - objective) / 100
    assert {t.severity for t in found} <= {"page", "ticket"}
    assert any(t.severity == "page" for t in found)
    for tier in found:
        rate = tier.burn_rate(period)
        assert rate >= 1 - 1e-9
        assert rate * budget <= max(0.5, budget) + 1e-9


@given(objectives, periods, st.sampled_from(sorted(burn.LADDERS)), tiles)
def test_windows_are_whole_tiles_nest_and_no_tier_repeats_another(
    objective: float, period: int, ladder: str, tile: int
) -> None:
    found = fitted(objective, period, ladder, tile)
    for tier in found:
        step = max(tile, 5 * MINUTE) if tier.slow else tile
        assert all(window % step == 0 for window in (tier.long, tier.short, tier.still))
        assert 0 < tier.still <= tier.short < tier.long <= period
        assert tier.short >= 4 * tile
    assert len({t.name for t in found}) == len(found)
    assert len({(t.severity, t.long) for t in found}) == len(found)


@pytest.mark.parametrize("period", [7, 14, 28, 30, 90])
def test_at_three_nines_the_burn_rates_are_the_workbooks_for_every_period(period: int) -> None:
    rates = [t.burn_rate(period * DAY) for t in fitted(99.9, period * DAY)]
    assert rates == pytest.approx([14.4, 6, 3, 1], rel=0.02)


def test_an_80_percent_objective_still_pages() -> None:
    pages = [t for t in fitted(80) if t.severity == "page"]
    assert [t.long for t in pages] == [5 * HOUR + 46 * MINUTE, 14 * HOUR + 25 * MINUTE]
    assert [t.burn_rate(30 * DAY) for t in pages] == pytest.approx([2.4971, 2.4971], rel=1e-4)


def test_the_dense_ladder_has_five_pages_of_falling_burn_rate() -> None:
    pages = [t for t in fitted(99.9, ladder="dense") if t.severity == "page"]
    assert [t.burn_rate(30 * DAY) for t in pages] == pytest.approx([14.4, 10.26, 8.42, 7.31, 6], abs=0.01)
    assert [t.long // HOUR for t in pages] == [1, 2, 3, 4, 6]


def test_the_short_window_asks_for_the_same_pace() -> None:
    for tier in fitted(99.3):
        assert burn.burn_rate(tier.short_budget, 30 * DAY, tier.short) == pytest.approx(tier.burn_rate(30 * DAY))


def test_tiers_of_ones_own_keep_their_numbers() -> None:
    own = (burn.TierTemplate("quick", "page", 0.07, 3 * HOUR, 11 * MINUTE, fixed=True),)
    (tier,) = burn.fit(own, period=13 * DAY, budget_ratio=0.3, tile=30 * SECOND, slow_tile=5 * MINUTE)
    assert (tier.name, tier.severity, tier.budget) == ("quick", "page", 0.07)
    assert (tier.long, tier.short) == (3 * HOUR, 11 * MINUTE)


def test_only_windows_read_by_slow_rules_are_slow() -> None:
    assert [t.slow for t in fitted(99.9)] == [False, False, True, True]
