from __future__ import annotations

import string
from typing import TYPE_CHECKING

import promql_parser
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.unit.tools import Asked, wrong_answers
from watchbill.promql import (
    Matcher,
    Op,
    PromqlError,
    Selector,
    is_vector,
    outer_labels,
    parse,
    parse_selector,
    quote,
    selectors,
)
from watchbill.regexes import full_match

if TYPE_CHECKING:
    from pathlib import Path

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
names = st.sampled_from(["code", "route", "le", "_x", "instance"])
plain = st.text(string.ascii_letters + '0123 -/._"\\\n|é\U0001f600', max_size=8)
patterns = st.sampled_from(["5..", "a|b|c", ".*", ".+", "[0-9]+", "v(1|2)?", "[^x]*", "", "(?:/a|/b)/.+"])
equal = st.builds(Matcher, names, st.sampled_from([Op.EQ, Op.NE]), plain)
regex = st.builds(Matcher, names, st.sampled_from([Op.RE, Op.NRE]), patterns)
a_selector = st.builds(Selector, st.just("calls_total"), st.lists(equal | regex, max_size=4).map(tuple))


@given(any_text)
def test_any_text_quoted_is_read_back_by_the_parser(value: str) -> None:
    expr = promql_parser.parse(f"x{{l={quote(value)}}}")
    assert isinstance(expr, promql_parser.VectorSelector)
    assert expr.matchers.matchers[0].value == value


def test_any_text_quoted_is_read_back_by_promtool(tmp_path: Path) -> None:
    texts: list[str] = []

    @settings(max_examples=150, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
    def collect(value: str) -> None:
        texts.append(value)

    collect()
    texts += ['"', "\\", "\n", "\r\t", "\x00", "\x7f", "\u2028", "\U0001f600", "\ufffd", "{{", "'", "`", "%", "a\\n"]
    spelt = ["".join(f"\\U{ord(c):08x}" for c in value) for value in texts]  # another spelling of the same text
    series = [(f'x{i}{{l="{value}"}}', "7") for i, value in enumerate(spelt)]
    asked = [Asked(f"sum(x{i}{{l={quote(value)}}})", 0, 7) for i, value in enumerate(texts)]
    asked += [Asked(f"sum(x{i}{{l!={quote(value)}}})", 0, None) for i, value in enumerate(texts)]
    assert wrong_answers(tmp_path, asked, series) == ""


@given(a_selector)
def test_a_selector_written_out_reads_back_as_itself(selector: Selector) -> None:
    assert parse_selector(str(selector)) == selector


@given(a_selector)
def test_an_example_is_selected(selector: Selector) -> None:
    found = selector.example()
    assume(found is not None)
    assert found is not None
    assert selector.matches(found)
    assert "" not in found.values()


@given(a_selector, a_selector)
def test_an_example_keeps_out_of_what_it_is_to_avoid_and_keeps_what_is_fixed(one: Selector, other: Selector) -> None:
    found = one.example(avoid=other, fixed={"instance": "i-7"})
    if found is not None:
        assert one.matches(found)
        assert not other.matches(found)
        assert found["instance"] == "i-7"


@pytest.mark.parametrize(
    "text",
    [
        'calls_total{job="api",code=~"5.."}',
        'calls_total{code!~"2..|3.."}',
        'calls_total{code!="",route=~"/cart|/pay/.+"}',
        'calls_total{code=~"[45]..",code!="404"}',
    ],
)
def test_ordinary_selectors_have_an_example(text: str) -> None:
    selector = parse_selector(text)
    found = selector.example()
    assert found is not None
    assert selector.matches(found)


def test_contradicting_matchers_have_none() -> None:
    assert parse_selector('x{code="500",code!="500"}').example() is None


def test_more_matchers_are_added_and_repeated_ones_are_not() -> None:
    one = parse_selector('x{job="api",code=~"5.."}')
    job, route = Matcher("job", Op.EQ, "api"), Matcher("route", Op.EQ, "/")
    assert str(one.where([job, route])) == 'x{job="api",code=~"5..",route="/"}'


def test_the_matchers_of_some_labels_are_picked_in_the_order_written() -> None:
    one = parse_selector('x{instance="i",code="1",job=~"a|b"}')
    assert [m.name for m in one.on(["job", "instance"])] == ["instance", "job"]


def test_a_missing_label_is_the_empty_string_as_in_prometheus() -> None:
    assert parse_selector('x{code=""}').matches({})
    assert parse_selector('x{code!="5"}').matches({})
    assert not parse_selector('x{code=~".+"}').matches({})
    assert full_match(".*", "")


def test_a_name_given_as_a_matcher_becomes_the_name() -> None:
    assert str(parse_selector('{__name__="x",job="a"}')) == 'x{job="a"}'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("rate(x[5m])", "is an expression"),
        ("x[5m]", "is an expression"),
        ("x offset 5m", "takes no offset"),
        ("x @ 17", "takes no offset and no @"),
        ('{job="a"}', "names no metric"),
        ('x{a="1" or b="2"}', "joined by 'or'"),
        ("x{", "not PromQL"),
        ("", "not PromQL"),
        ('{"with space"}', "names no metric"),
        ('x{"dotted.label"="1"}', "no label name"),
        ("1 + 1", "is an expression"),
    ],
)
def test_what_is_no_plain_selector_says_why(text: str, why: str) -> None:
    with pytest.raises(PromqlError, match=why.replace("[", r"\[")):
        parse_selector(text)


def test_every_selector_of_an_expression_is_found() -> None:
    expr = parse("sum by (a) (rate(x_total[5m])) / on () (max(y offset 1h) > bool scalar(z)) ")
    assert {s.name for s in selectors(expr)} == {"x_total", "y", "z"}


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("sum(x)", ()),
        ("sum by (a, b) (x)", ("a", "b")),
        ("(sum by (a) (x)) / sum by (a) (y)", ("a",)),
        ("3 * sum by (a) (x)", ("a",)),
        ("sum by (a) (x) / 7", ("a",)),
        ("histogram_quantile(0.9, sum by (le, a) (x))", ("le", "a")),
        ("sum by (a) (x) / sum by (b) (x)", None),
        ("sum without (a) (x)", None),
        ("x", None),
    ],
)
def test_the_outermost_labels_are_told_where_they_can_be(text: str, labels: tuple[str, ...] | None) -> None:
    assert outer_labels(parse(text)) == labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", True), ("sum(x)", True), ("rate(x[5m])", True), ("1 - x", True), ("-(x)", True), ("vector(1)", True),
        ("2.42", False), ("1 + 1", False), ("time()", False), ("scalar(x) * 2", False), ("x[5m]", False),
        ("'a'", False), ("sum(x)[5m:1m]", False), ("-(7)", False),
    ],
)  # fmt: skip
def test_an_expression_gives_a_vector_or_not(text: str, expected: bool) -> None:
    assert is_vector(parse(text)) is expected
