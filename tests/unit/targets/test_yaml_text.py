from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from watchbill.targets.yaml_text import dump, entry, scalar

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["no", "1:30", "7", "0x1f", "1e3", "~", "null", "- a", "a: b", "a #b", "|", "a\n b\n", "\n", "x\n\n y",
     "é\U0001f600", "'", '"', "a'b\"c\\", "{{ x }}", " lead", "trail ", "a\tb", "\x85", "\u2028", "=", "<<",
     "2024-01-01", ".5", "+1"]
)  # fmt: skip
nested = st.recursive(
    any_text | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(any_text, nested, max_size=5) | st.lists(nested, min_size=1, max_size=5))
def test_whatever_is_nested_reads_back_as_itself(value: Any) -> None:
    if value == {}:
        return
    assert yaml.safe_load(dump(value)) == value


@given(any_text)
def test_one_entry_reads_back_as_itself_at_any_depth(value: str) -> None:
    assert yaml.safe_load("a:\n  - b: 1\n" + entry("c", value, 4)) == {"a": [{"b": 1, "c": value}]}


@given(any_text)
def test_a_scalar_is_one_line(value: str) -> None:
    assert len(scalar(value).splitlines()) == 1


def test_an_expression_of_several_lines_is_a_block_that_people_can_read() -> None:
    assert entry("expr", "sum(\n  x\n)\n> 7", 2) == "  expr: |-\n    sum(\n      x\n    )\n    > 7\n"


@pytest.mark.parametrize("value", ["no", "on", "y", "null", "7.5", "1e3", "0x1f", "2024-01-01", "12:30:45", "~", ""])
def test_text_that_reads_as_something_else_is_quoted(value: str) -> None:
    assert scalar(value)[0] in "'\""


def test_prometheus_reads_what_python_reads(tmp_path: Path, promtool: Tool) -> None:
    odd = ["\U0001f600", "\x7f", "\u2028", "a\nb", "\t", "no", "é", "'\"\\", "\ufeff", "{{", "%", "\U0010fffd", "1:30"]
    rules = [{"record": f"r{i}", "expr": "vector(7)", "labels": {"l": value}} for i, value in enumerate(odd)]
    (tmp_path / "rules.yml").write_text(dump({"groups": [{"name": "g", "rules": rules}]}), encoding="utf-8")
    checks = [
        {"expr": f"r{i}", "eval_time": "1m", "exp_samples": [{"labels": _series(i, value), "value": 7}]}
        for i, value in enumerate(odd)
    ]
    test = {"rule_files": ["rules.yml"], "tests": [{"interval": "1m", "promql_expr_test": checks}]}
    (tmp_path / "rules_test.yml").write_text(dump(test), encoding="utf-8")
    done = subprocess.run(
        [promtool.path, "test", "rules", "rules_test.yml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _series(index: int, value: str) -> str:
    escaped = "".join(f"\\U{ord(c):08x}" for c in value)
    return f'r{index}{{l="{escaped}"}}'
