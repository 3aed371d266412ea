"""JSON with places: the same values as `json`, and the text of each where it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbill.lint.dashboards.positions import JsonError, read

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(values, st.sampled_from([None, 0, 2]), st.sampled_from([True, False]))
def test_a_value_is_what_json_reads_and_each_span_is_its_part(value: Any, indent: int, plain: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    located = read(text)
    assert located.value == value
    for path, (begin, end) in located.spans.items():
        part = value
        for key in path:
            part = part[key]
        assert json.loads(text[begin:end]) == part


@given(values, st.integers(0, 200), st.sampled_from(',:]}[{"x0'))
def test_what_json_refuses_is_refused_with_a_place_inside(value: Any, at: int, char: str) -> None:
    text = json.dumps(value)
    broken = text[: at % (len(text) + 1)] + char + text[at % (len(text) + 1) :]
    try:
        json.loads(broken)
    except ValueError:
        with pytest.raises(JsonError) as caught:
            read(broken)
        assert 0 <= caught.value.at <= len(broken)
    else:
        assert read(broken).value == json.loads(broken)
