"""The mistakes themselves: what is made of an expression, and that nothing else is."""

from __future__ import annotations

import pytest

from tests.mutation.mutants import Surroundings, mutants, surroundings


def made_of(text: str, kind: str, around: Surroundings | None = None) -> list[str]:
    return [mutated for name, mutated in mutants(text, around) if name.startswith(f"{kind}:")]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("x > 0.02", "number", ["x > 0.01", "x > 0.018", "x > 0.022", "x > 0.04"]),
        ("x >= 0", "number", ["x >= 1"]),
        ("a > b", "comparison", ["a >= b", "a < b", "a <= b", "a == b", "a != b"]),
        ("a and b", "set operator", ["a or b", "a unless b"]),
        ("a - b * c", "arithmetic", ["a + b * c", "a - b / c"]),
        ("sum(x)", "function", ["avg(x)", "max(x)", "min(x)", "count(x)"]),
        ("clamp_min(a - (b), 0)", "no function", ["(a - (b))"]),
        ("sum by (a) (x)", "no grouping", ["sum  (x)"]),
        ("a and on (b) c", "no matching", ["a and c"]),
        ("last_over_time(x[5m] offset 10s)", "no offset", ["last_over_time(x[5m] )"]),
        ("last_over_time(x[5m] offset 10s)", "offset", [f"last_over_time(x[5m] offset {o})" for o in ("5s", "20s")]),
        ("last_over_time(x[5m])", "shorter range", ["last_over_time(x[2m30s])"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_of_mistake_is_made(text: str, kind: str, expected: list[str]) -> None:
    assert made_of(text, kind) == expected


def test_dropping_a_side_follows_how_tightly_operators_bind() -> None:
    dropped = {" ".join(found.split()) for found in made_of("a / (b > 0) >= 0.5 and c or d * 0", "dropped")}
    assert {
        "a / (b ) >= 0.5 and c or d * 0",
        "a / (b > 0) >= 0.5 or d * 0",
        "a / (b > 0) >= 0.5 and c",
        "c or d * 0",
    } <= dropped


def test_a_mistake_that_is_no_promql_or_changes_nothing_is_not_made() -> None:
    assert not made_of("vector(1) == bool 1", "set operator")
    assert not made_of("a or b", "number")


def test_series_are_taken_for_others_of_the_file() -> None:
    around = surroundings(["slo:errors:sum1h / slo:events:sum1h", "sum_over_time(slo:errors:sum5m[59m59s999ms])"])
    assert made_of("slo:errors:sum1h", "metric", around) == ["slo:events:sum1h", "slo:errors:sum5m"]
    assert "last_over_time(x[59m59s999ms])" in made_of("last_over_time(x[5m])", "longer range", around)


def test_a_name_shows_what_stands_before_the_mistake_and_tells_equal_ones_apart() -> None:
    names = [name for name, _ in mutants('a{x="1"} > 0 and a{x="1"} > 0') if name.startswith("number")]
    assert names == ["number: a ><<0 -> 1>>", "number: a > 0 and a ><<0 -> 1>>"]
    assert "number: vector(1) or vector(1) or vector(<<1 -> 2>>" in [
        n for n, _ in mutants("vector(1) or vector(1) or vector(1)")
    ]
    long = " + ".join(["vector(1)"] * 12)
    assert any(name.endswith("<<1 -> 2>> #2") for name, _ in mutants(long))
