"""Amounts read as people write them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from watchbill.kinds.budgets.amounts import parse
from watchbill.kinds.budgets.limits import condition


@pytest.mark.parametrize(
    ("text", "value", "each"),
    [
        ("42000 usd", 42_000, False), ("2.5M", 2_500_000, False), ("2.5M tokens", 2_500_000, False),
        ("60000 minutes", 3_600_000, False), ("1.5 hours", 5400, False), ("700 GB", 7e11, False),
        ("700GB", 7e11, False), ("1 GiB", 2**30, False), ("500 usd each", 500, True), ("5k each", 5000, True),
        (60_000, 60_000, False), (0.5, 0.5, False), ("  3k   calls ", 3000, False),
    ],
)  # fmt: skip
def test_an_amount_is_in_what_the_counter_counts(text: Any, value: float, *, each: bool) -> None:
    found = parse(text)
    assert (found.value, found.each) == (value, each)


@pytest.mark.parametrize(
    "text", ["usd", "-3", True, None, "1e5", "nan", "5 x", "0", "5 m", "1,000", "42000 usd a month", "9999999G", "٣"]
)
def test_what_is_no_amount_is_refused(text: Any) -> None:
    with pytest.raises(PydanticCustomError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("pace > 150%", "pace-150"), ("spent>=99.5 %", "spent-99.5"), ("forecast  >  110%", "forecast-110"),
        ("burn fast", "burn-fast"),
    ],
)  # fmt: skip
def test_a_condition_has_a_key(text: str, key: str) -> None:
    assert condition(text).key == key


@pytest.mark.parametrize("text", ["pace < 50%", "pace > 1.5", "spent > 0%", "burn", "rate > 5%", "", 7, "burn Fast"])
def test_what_is_no_condition_is_refused(text: Any) -> None:
    with pytest.raises(PydanticCustomError):
        condition(text)
