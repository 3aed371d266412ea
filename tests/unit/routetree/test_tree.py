"""The evaluator against the real amtool, on generated trees; and what is subtle, case by case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from tests.unit.amtool import misrouted
from tests.unit.routetree.generated import a_config, label_sets
from watchbill.load.host import parse, tree
from watchbill.routetree import BadMatcher, Matcher, Node, parse_matchers, receivers

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

TREES, SETS = 40, 6


@pytest.mark.parametrize("half", [0, 1])
def test_generated_trees_are_read_as_amtool_reads_them(half: int, amtool: Tool, tmp_path: Path) -> None:
    wrong = []
    seen = set()
    for seed in range(half, TREES, 2):
        path = tmp_path / f"{seed}.yml"
        path.write_text(yaml.safe_dump(a_config(seed), allow_unicode=True), encoding="utf-8")
        root = tree(parse(str(path), path.read_text(encoding="utf-8")))
        wanted = [(labels, receivers(root, labels)) for labels in label_sets(seed, SETS)]
        seen |= {to for _, to in wanted}
        wrong += misrouted(amtool, path, [(labels, to) for labels, to in wanted if labels])
    assert wrong == []
    assert len(seen) > 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('severity="critical"', [("severity", "=", "critical")]),
        (" severity = critical ", [("severity", "=", "critical")]),
        ('{a="1", b!="2,3", c=~"x|y",}', [("a", "=", "1"), ("b", "!=", "2,3"), ("c", "=~", "x|y")]),
        (r'a="say \"7\"\n"', [("a", "=", 'say "7"\n')]),
        (r"a=~\d+", [("a", "=~", r"\d+")]),
        (r'a=~"\\d+"', [("a", "=~", r"\d+")]),
        ('"a b"="c"', [("a b", "=", "c")]),
        ('a!~""', [("a", "!~", "")]),
        ("a=", [("a", "=", "")]),
        ("", []),
    ],
)
def test_matchers_are_read(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(m.name, m.op, m.value) for m in parse_matchers(text)] == expected


@pytest.mark.parametrize("text", ["severity", '{a="1"', 'a="1', "=b", "{a}"])
def test_what_is_no_matcher_is_refused(text: str) -> None:
    with pytest.raises(BadMatcher):
        parse_matchers(text)


def test_a_matcher_reads_back_as_it_was_written() -> None:
    one = Matcher("a", "=~", 'b\\d "c"\n')
    assert parse_matchers(str(one)) == (one,)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({}, ("three",)),
        ({"a": "1"}, ("one", "three")),
        ({"a": "1", "b": "2"}, ("inner", "three")),
        ({"a": "2"}, ("root",)),
        ({"c": "3"}, ("three",)),
    ],
    ids=str,
)
def test_the_deepest_match_gets_it_and_only_continue_goes_on(labels: dict[str, str], expected: tuple[str, ...]) -> None:
    def equal(name: str, value: str) -> tuple[Matcher, ...]:
        return (Matcher(name, "=", value),)

    root = Node(
        "root",
        routes=(
            Node("one", equal("a", "1"), carries_on=True, routes=(Node("inner", equal("b", "2")),)),
            Node("", equal("a", "2")),
            Node("three", (Matcher("c", "=~", "3|"),), routes=(Node("", equal("x", "y")),)),
            Node("never", (Matcher("c", "=~", ".*"),)),
        ),
    )
    assert receivers(root, labels) == expected
