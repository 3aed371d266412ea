"""What a line may be."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbill_exporters.core.records.decode import Fields, Refusal, RefusedError, decode


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(b"", Refusal.NOT_JSON, id="nothing"),
        pytest.param(b"{", Refusal.NOT_JSON, id="half an object"),
        pytest.param(b'{"a": NaN}', Refusal.NOT_JSON, id="not a number"),
        pytest.param(b'{"a": "\xff"}', Refusal.NOT_JSON, id="not UTF-8"),
        pytest.param(b"[" * 50_000, Refusal.NOT_JSON, id="nested beyond reason"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", Refusal.NOT_JSON, id="a number of 5000 digits"),
        pytest.param(b"[1]", Refusal.WRONG_SHAPE, id="a list"),
        pytest.param(b"null", Refusal.WRONG_SHAPE, id="null"),
    ],
)
def test_what_is_no_object_is_refused(line: bytes, reason: Refusal) -> None:
    with pytest.raises(RefusedError) as error:
        decode(line)
    assert error.value.reason is reason


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(1764000000.5, 1764000000.5, id="seconds"),
        pytest.param("2025-11-24T16:00:00.5Z", 1764000000.5, id="RFC 3339 in UTC"),
        pytest.param("2025-11-24T17:00:00+01:00", 1764000000.0, id="RFC 3339 with an offset"),
        pytest.param(1764000000500, None, id="milliseconds"),
        pytest.param("2025-11-24T16:00:00", None, id="local time"),
        pytest.param("yesterday", None, id="words"),
        pytest.param(-1, None, id="before 1970"),
        pytest.param(True, None, id="a flag"),
    ],
)
def test_times(value: object, expected: float | None) -> None:
    if expected is not None:
        assert Fields({"ts": value}).moment("ts") == expected
    else:
        with pytest.raises(RefusedError):
            Fields({"ts": value}).moment("ts")


def test_half_a_surrogate_pair_does_not_reach_the_page() -> None:
    decode(b'{"agent": "a\\ud800"}').text("agent").encode()


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_an_object_or_refused(line: bytes) -> None:
    with suppress(RefusedError):
        decode(line)
