"""Every code of the dashboards' lint: found at its line, and not in a near miss; exclusions need a reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.factories import a_spec, loaded, planned
from tests.unit.lint.dashboards.cases import CASES, Case, a_dashboard, changed, expr
from watchbill.errors import SpecError
from watchbill.lint.dashboards import CODES, RULES, lint

if TYPE_CHECKING:
    from watchbill.diagnostics import Diagnostic


def found(text: str, **dashboards: Any) -> list[Diagnostic]:
    spec = a_spec(dashboards=dashboards)
    return lint({"board.json": text}, loaded(spec).document, planned(spec))


def dumped(dashboard: Any) -> str:
    return json.dumps(dashboard, indent=1)


def test_a_faultless_dashboard_has_no_findings() -> None:
    assert found(dumped(a_dashboard())) == []


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.code)
def test_a_code_is_found_at_its_line_and_not_in_a_near_miss(case: Case) -> None:
    text = dumped(changed(case.wrong))
    mine = [d for d in found(text) if d.code == case.code]
    assert mine
    assert all(d.hint and d.source == text.splitlines()[d.line - 1] for d in mine)
    assert case.at in text.splitlines()[mine[0].line - 1]
    assert case.code not in {d.code for d in found(dumped(changed(case.right)))}


def test_every_code_has_a_case() -> None:
    assert {c.slug for c in CODES} == {c.code for c in CASES} | {"WB626"}
    assert len(set(RULES)) == len(RULES)


def test_what_is_no_json_is_shown_where_reading_ended() -> None:
    (one,) = found('{"title": "T",\n "panels": [1 2]}')
    assert (one.code, one.line, one.column) == ("WB600", 2, 15)
    assert "',' is wanted here" in one.message


@pytest.mark.parametrize(
    "text", ["", "[", "[]", '{"panels": 7}', "nul", '{"a": "\\x"}', '{"panels": [] } x', "[" * 999]
)
def test_what_is_no_dashboard_is_one_finding_and_no_traceback(text: str) -> None:
    assert [d.code for d in found(text)] == ["WB600"]


@pytest.mark.parametrize(
    "odd",
    [{"panels": [7, None, {"type": "row", "panels": [{}]}]}, {"panels": [{"targets": 3, "fieldConfig": []}]},
     {"panels": [], "templating": [], "annotations": {"list": [None]}, "links": {"a": 1}}],
)  # fmt: skip
def test_odd_shapes_do_not_break_the_lint(odd: Any) -> None:
    assert {d.code for d in found(json.dumps(odd))} <= {c.slug for c in CODES}


NOBODY = expr('nobody_knows{job="api"}')
REASON = {"code": "WB617", "reason": "the load balancer exposes it"}


@pytest.mark.parametrize("where", [{}, {"dashboard": "calls-board"}, {"panel": "Calls"}])
def test_an_exclusion_takes_a_finding_out(where: dict[str, str]) -> None:
    assert found(dumped(changed(NOBODY)), exclusions=[{**REASON, **where}]) == []


@pytest.mark.parametrize("where", [{"panel": "Other"}, {"dashboard": "other"}])
def test_an_exclusion_of_something_else_does_not(where: dict[str, str]) -> None:
    codes = [d.code for d in found(dumped(changed(NOBODY)), exclusions=[{**REASON, **where}])]
    assert "WB617" in codes
    assert ("WB626" in codes) is ("panel" in where)


def test_an_exclusion_without_a_reason_is_refused() -> None:
    with pytest.raises(SpecError, match="reason"):
        loaded(a_spec(dashboards={"exclusions": [{"code": "WB617"}]}))
