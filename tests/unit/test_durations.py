from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbill.durations import format_duration, offset, parse_duration, round_up, spoken, tiles_range


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("17ms", 17),
        ("2.5s", 2500),
        ("11m", 660_000),
        ("1h30m", 5_400_000),
        ("3d", 259_200_000),
        ("2w", 1_209_600_000),
        ("1y", 31_536_000_000),
        (" 7s ", 7000),
        ("0.25h", 900_000),
    ],
)
def test_a_duration_is_read_as_milliseconds(text: str, ms: int) -> None:
    assert parse_duration(text) == ms


@pytest.mark.parametrize(
    "text",
    ["", " ", "7", "s", "7 s", "-7s", "0s", "0.0001s", "0.5ms", "7x", "7s!", "1e3s", "\u0667s", "nan", "9" * 400 + "d"],
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a duration|must be a positive"):
        parse_duration(text)


@given(st.integers(min_value=1, max_value=100 * 365 * 86_400_000))
def test_a_formatted_duration_reads_back_as_itself(ms: int) -> None:
    assert parse_duration(format_duration(ms)) == ms


def test_a_formatted_duration_carries_over_into_the_larger_unit() -> None:
    assert format_duration(299_999) == "4m59s999ms"
    assert format_duration(86_400_000 + 3_600_000) == "1d1h"
    assert format_duration(0) == "0s"


def test_people_hear_two_units_at_most() -> None:
    assert spoken(183_845_600) == "2d 3h"
    assert spoken(518_400) == "8m 38s"
    assert spoken(400) == "0s"


@given(st.floats(min_value=1, max_value=1e10), st.integers(min_value=1, max_value=10**7))
def test_rounding_up_gives_the_least_multiple_that_is_not_below(ms: float, step: int) -> None:
    rounded = round_up(ms, step)
    assert rounded % step == 0
    assert rounded - step < ms - 1e-6 <= rounded


def test_a_range_of_tiles_is_a_millisecond_short_so_that_both_engines_see_as_many() -> None:
    assert tiles_range(420_000) == "6m59s999ms"


def test_no_offset_is_written_as_nothing_since_the_floor_version_parses_no_offset_0s() -> None:
    assert offset(0) == ""
    assert offset(11_000) == " offset 11s"
