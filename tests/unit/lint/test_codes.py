"""Every code of lint and of the kinds: found at its place, and not in a near miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from tests.unit.factories import FILE, a_spec, found
from tests.unit.knowledge.cases import CASES as NOTES
from tests.unit.lint import capacity_cases
from tests.unit.lint.budget_cases import CASES as BUDGETS
from tests.unit.lint.cases import CASES as OBJECTIVES
from tests.unit.lint.cases import Case, Spec, slo
from watchbill import fields
from watchbill.errors import SpecError
from watchbill.kinds import budgets, capacity, recovery, slis
from watchbill.lint import CODES, limits
from watchbill.spec import hours, receivers
from watchbill.spec import slo as slo_section

if TYPE_CHECKING:
    from watchbill.diagnostics import Diagnostic


def findings(spec: Spec) -> tuple[str, list[Diagnostic]]:
    text = yaml.safe_dump(spec, sort_keys=False, width=1000)
    try:
        return text, found(text)
    except SpecError as exc:
        return text, list(exc.diagnostics)


CASES = [*OBJECTIVES, *BUDGETS, *capacity_cases.CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.code}, {c.about}")
def test_a_code_is_found_at_its_place_and_not_in_a_near_miss(case: Case) -> None:
    text, seen = findings(case.wrong)
    mine = [d for d in seen if d.code == case.code]
    assert mine, [d.line_form() for d in seen]
    assert {d.code for d in seen} - {case.code, *case.also} <= {"WB236"}
    if case.at:
        rests = [text.splitlines()[d.line - 1][d.column - 1 :].strip("'\"- ") for d in mine]
        assert any(rest.startswith(case.at) for rest in rests), [d.text() for d in mine]
    assert all(d.file == FILE and d.hint for d in mine)
    _, clean = findings(case.right)
    assert case.code not in {d.code for d in clean}, [d.line_form() for d in clean]


def test_every_code_has_a_case() -> None:
    kinds = (*slis.CODES, *budgets.CODES, *capacity.CODES, *recovery.CODES, *fields.CODES, *slo_section.CODES)
    elsewhere = limits.CODES  # their specs need what brings limits: tests/unit/targets/test_limits.py
    known = (*receivers.CODES, *hours.CODES, *(c for c in CODES if c not in elsewhere), *kinds)
    assert {c.slug for c in known} == {c.code for c in CASES} | {c.code for c in NOTES}


def test_a_spec_without_faults_has_no_findings() -> None:
    assert found(a_spec()) == []


def test_the_hint_for_a_tier_that_cannot_fire_makes_it_fire() -> None:
    own = {"name": "q", "severity": "page", "budget": "2%", "within": "1h"}
    _, seen = findings(slo(objective=60, alerting={"tiers": [own]}))
    (one,) = (d for d in seen if d.code == "WB220")
    mended = {**own, "within": one.hint.removeprefix("within: ")}
    assert findings(slo(objective=60, alerting={"tiers": [mended]}))[1] == []


def test_the_hint_for_a_sustainable_tier_mends_it() -> None:
    own = {"name": "q", "severity": "ticket", "budget": "5%", "within": "9d"}
    _, seen = findings(slo(alerting={"tiers": [own]}))
    (one,) = (d for d in seen if d.code == "WB221")
    mended = {**own, "budget": one.hint.removeprefix("budget: ")}
    assert findings(slo(alerting={"tiers": [mended]}))[1] == []
