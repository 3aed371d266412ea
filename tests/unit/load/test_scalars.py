"""What plain scalars mean, anchors and merge keys."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbill.errors import SpecError
from watchbill.load import load_texts
from watchbill.load.tree import build, resolve

HEAD = "watchbill: 1\nservice: shop\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"), ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"), ("0x1f", "0x1f"), ("0o17", "0o17"), ("017", "017"), ("1_000", "1_000"),
        (".inf", ".inf"), (".nan", ".nan"), ("30d", "30d"), ("-", "-"), ("+", "+"), (".", "."), ("1e", "1e"),
        ("1" * 30, "1" * 30), ("7", 7), ("-7", -7), ("+7", 7), ("99.1", 99.1), (".5", 0.5), ("7.", 7.0),
        ("1e3", 1000.0), ("2.5E-3", 0.0025), ("true", True), ("False", False), ("~", None), ("", None), ("null", None),
        ("\u0667", "\u0667"),
    ],
)  # fmt: skip
def test_a_plain_scalar_is_what_people_read_it_as(text: str, value: Any) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


@given(st.text(min_size=1, max_size=12))
def test_no_plain_scalar_is_ever_refused(text: str) -> None:
    assert isinstance(resolve(text), str | int | float | bool | None)


def test_the_norway_problem_and_sexagesimals_stay_text_in_a_spec() -> None:
    labels = "labels: {country: no, at: 1:30, since: 2024-01-01, mode: 0o17, answer: y}\n"
    assert load_texts([("s", HEAD + labels)]).document.labels == {
        "country": "no", "at": "1:30", "since": "2024-01-01", "mode": "0o17", "answer": "y",
    }  # fmt: skip


def test_a_quoted_number_is_text() -> None:
    assert build("a: '7'\nb: !!str 8\nc: ! 9\n", 0).root == {"a": "7", "b": "8", "c": "9"}


def test_anchors_and_merge_keys_are_followed_and_own_keys_win() -> None:
    text = textwrap.dedent("""\
        a: &a {x: 1, y: 2}
        b: &b {y: 3, z: 4}
        c: {<<: [*a, *b], z: 5}
        d: *a
        """)
    root = build(text, 0).root
    assert root["c"] == {"x": 1, "y": 2, "z": 5}
    assert root["d"] == {"x": 1, "y": 2}


def test_a_fault_in_merged_text_is_placed_where_it_was_written() -> None:
    text = HEAD + textwrap.dedent("""\
        slos:
          - &first {name: first, objective: 99, weighting: tim, sli: {kind: availability, gauge: up}}
          - {<<: *first, name: second}
        """)
    with pytest.raises(SpecError) as caught:
        load_texts([("s", text)])
    assert [d.line_form() for d in caught.value.diagnostics] == ["s:4:52: WB103 'tim' cannot stand here"] * 2


def test_a_path_of_the_document_is_located_as_deep_as_it_goes() -> None:
    tree = build("a:\n  - b: 7\n    c: [x, yy]\n", 3)
    assert tree.locate(("a", 0, "c", 1)) == (3, 3, 12, 2)
    assert tree.locate(("a", 0, "c"), on_key=True) == (3, 3, 5, 1)
    assert tree.locate(("a", 0, "gone", "b")) == (3, 2, 8, 1)
    assert tree.locate(("a", "union-tag", 0, "b")) == (3, 2, 8, 1)
