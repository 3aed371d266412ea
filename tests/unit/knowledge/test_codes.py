"""Every code of runbook text: found at its place with a hint, and not in a near miss."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.factories import a_ratio, a_spec, an_slo, found, loaded, text
from tests.unit.knowledge.cases import CASES, Case
from watchbill.knowledge.codes import CODES
from watchbill.lint import lint, runbooks
from watchbill.lint.context import Context
from watchbill.model import Note

if TYPE_CHECKING:
    from watchbill.diagnostics import Diagnostic

SPEC = a_spec(an_slo(runbook="run-failures"))


def findings(name: str, body: str) -> list[Diagnostic]:
    one = loaded(SPEC)
    return one.diagnose(lint(one.document, (Note(name, f"notes/{name}.md", body),)))


@pytest.mark.parametrize("case", [c for c in CASES if c.name], ids=lambda c: f"{c.code}, {c.about}")
def test_a_code_is_found_at_its_place_and_not_in_a_near_miss(case: Case) -> None:
    (one,) = findings(case.name, case.wrong)
    assert (one.code, one.line, one.column) == (case.code, *case.at), one.text()
    assert one.file == f"notes/{case.name}.md"
    assert case.says in one.message
    assert one.hint
    assert case.hint in one.hint
    assert one.source == case.wrong.split("\n")[one.line - 1]
    assert findings(case.right_name or case.name, case.right) == []


def test_every_code_of_runbook_text_has_a_case() -> None:
    assert {c.slug for c in CODES} == {c.code for c in CASES}


def test_a_topic_that_does_not_exist_is_named_in_the_spec() -> None:
    (one,) = found(a_spec(an_slo(runbook="run-failure")))
    assert (one.code, one.file) == ("WB517", "spec.yaml")
    assert one.hint == "did you mean 'run-failures'?"
    assert text(a_spec(an_slo(runbook="run-failure")))[one.column - 1 :].startswith('"run-failure"')


def test_an_alert_that_nothing_is_written_about_is_named() -> None:
    context = Context(loaded(SPEC).document, (Note("run-failures", "notes/run-failures.md", "## Causes\n\na\n"),))
    units = context.plan.units
    alerts = list(context.plan.alerts())
    strange = replace(alerts[0], name="Strange", family="strange", page=replace(alerts[0].page, topic=""))
    groups = (replace(units[0].files[1].groups[0], rules=(strange,)),)
    files = (replace(units[0].files[1], groups=groups),)
    context.__dict__["plan"] = replace(context.plan, units=(replace(units[0], files=files),))
    assert [p.message for p in runbooks.owners(context)] == ["nothing is written about Strange"]


def test_what_several_pages_show_is_told_once() -> None:
    body = "## Causes\n\n{{ nothing }}\n\n```promql\nsum(\n```\n"
    assert [d.code for d in findings("run-failures", body)] == ["WB515", "WB519"]


def test_a_group_label_fills_where_the_alert_carries_it() -> None:
    one = loaded(a_spec(an_slo(sli=a_ratio(by=["zone"]))))
    note = Note("CallsBudgetBurnFast", "n.md", '```promql\ncalls_total{zone="$zone"}\n```\n')
    assert lint(one.document, (note,)) == []
