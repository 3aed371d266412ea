from __future__ import annotations

import json

import pytest

from tests.unit.test_diagnostics import a_diagnostic
from watchbill.catalogue import CODES
from watchbill.diagnostics import Severity
from watchbill.reports import FORMATS, as_json, github, sarif, text

ODD = a_diagnostic(
    code="WB220", message="100 %\nof: a, b", hint="less, \U0001f600", file="a,b:c.yaml", severity=Severity.WARNING
)
FINE = a_diagnostic(code="WB001", severity=Severity.INFO)


def test_text_is_each_finding_on_lines_of_its_own() -> None:
    assert text([ODD, FINE]) == f"{ODD.text()}\n{FINE.text()}\n"


def test_json_has_every_field_as_it_is() -> None:
    assert json.loads(as_json([ODD])) == [
        {
            "code": "WB220",
            "file": "a,b:c.yaml",
            "line": 3,
            "column": 5,
            "message": "100 %\nof: a, b",
            "hint": "less, \U0001f600",
            "severity": "warning",
        }
    ]


def test_sarif_has_the_structure_that_code_scanning_reads() -> None:
    log = json.loads(sarif([ODD, FINE, ODD]))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == ["WB001", "WB220"]
    assert all(r["shortDescription"]["text"] and r["fullDescription"]["text"] and r["help"]["text"] for r in rules)
    assert [r["level"] for r in run["results"]] == ["warning", "note", "warning"]
    assert {r["ruleId"] for r in run["results"]} <= {r["id"] for r in rules}
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 5}
    assert "WB220" not in run["results"][0]["message"]["text"]


def test_github_commands_survive_what_separates_their_parts() -> None:
    assert github([ODD]) == (
        "::warning file=a%2Cb%3Ac.yaml,line=3,col=5,title=WB220::100 %25%0Aof: a, b - less, \U0001f600\n"
    )
    assert github([FINE]).startswith("::notice ")
    assert github([a_diagnostic()]).startswith("::error ")


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_no_findings_are_an_empty_report_of_the_form(form: str) -> None:
    found = FORMATS[form]([])
    if form == "json":
        assert json.loads(found) == []
    elif form == "sarif":
        assert json.loads(found)["runs"][0]["results"] == []
    else:
        assert found == ""


def test_every_code_can_be_reported_as_a_sarif_rule() -> None:
    log = json.loads(sarif([a_diagnostic(code=c.slug) for c in CODES]))
    assert len(log["runs"][0]["tool"]["driver"]["rules"]) == len(CODES)
