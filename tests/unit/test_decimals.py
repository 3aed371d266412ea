from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbill.decimals import literal, percent

PLAIN = re.compile(r"-?\d+(\.\d*[1-9])?")
numbers = st.floats(min_value=-1e18, max_value=1e18, allow_nan=False) | st.decimals(
    min_value=Decimal("-1e18"), max_value=Decimal("1e18"), allow_nan=False
)


@given(numbers)
def test_a_literal_reads_back_to_ten_significant_digits(value: float | Decimal) -> None:
    assert float(literal(value)) == pytest.approx(float(value), rel=5.0001e-10, abs=0)


@given(numbers)
def test_a_literal_is_a_plain_decimal_without_exponent_or_trailing_zeros(value: float | Decimal) -> None:
    assert PLAIN.fullmatch(literal(value))


def test_float_debris_is_cut_off() -> None:
    assert literal(14.4 * (1 - 0.999)) == "0.0144"
    assert literal(1 - 0.9993) == "0.0007"
    assert literal(1e-9) == "0.000000001"
    assert literal(Decimal("1E+7")) == "10000000"
    assert literal(-0.0) == "0"


def test_a_percentage_has_no_debris_either() -> None:
    assert percent(0.993) == "99.3%"
    assert percent(0.07) == "7%"
