from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbill.regexes import LIMIT, examples, full_match, matches_everything

PATTERNS = [
    "5..", "error|timeout|limit", "(a|b)c+", "[^a]x", "[0-9]{3}", r"\d\w\s", r"\D\W\S", "a?b*", ".*", ".+", "x{2,5}",
    "(?i:get)", "", "a|", "(?:v1|v2)/.*", r"host\.example\.com", "[a-c_-]+", "[^0-9a-z]", "^a$", "é+", "\U0001f600?",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_example_matches_and_there_is_one(pattern: str) -> None:
    found = examples(pattern)
    assert 0 < len(found) <= LIMIT
    assert all(re.fullmatch(pattern, text, re.ASCII) for text in found)


@given(st.from_regex(re.compile(r"[a-c|()\[\]?*+.{}\\d^$0-9,-]{0,12}"), fullmatch=True))
def test_whatever_the_pattern_examples_match_it(pattern: str) -> None:
    assert all(full_match(pattern, text) for text in examples(pattern))


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "*", "(?P<x>a", "a{3,1}", r"\p{Greek}", "(" * 4000])
def test_a_pattern_that_cannot_be_read_has_no_examples_and_matches_nothing(pattern: str) -> None:
    assert examples(pattern) == ()
    assert not full_match(pattern, "a")


def test_each_branch_is_shown() -> None:
    assert set(examples("error|timeout|limit")) == {"error", "timeout", "limit"}


def test_matching_is_anchored_at_both_ends() -> None:
    assert full_match("5..", "503")
    assert not full_match("5..", "5031")
    assert not full_match("5..", "1503")


@pytest.mark.parametrize(("pattern", "everything"), [(".*", True), ("(.|)*", True), (".+", False), ("a.*", False)])
def test_a_regex_that_chooses_nothing_is_told_apart(pattern: str, everything: bool) -> None:
    assert matches_everything(pattern) is everything
