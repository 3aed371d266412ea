"""Dashboards of every spec whose bundle is proven: nothing that Grafana does not know, nothing that our lint finds."""

import json

import pytest

from tests.bundle.specs import SPECS, files_of, plan_of
from tests.grafana.gate import violations
from watchbill.lint.dashboards import lint
from watchbill.load import load


def dashboards(spec: str) -> dict[str, str]:
    return {path: text for path, text in files_of(spec).items() if path.endswith(".json")}


@pytest.mark.parametrize("spec", SPECS)
def test_the_schema_gate_has_no_objection(spec: str) -> None:
    found = {path: violations(json.loads(text)) for path, text in dashboards(spec).items()}
    assert len(found) > 2
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("spec", SPECS)
def test_our_own_lint_has_no_finding(spec: str) -> None:
    found = lint(dashboards(spec), load([SPECS[spec]]).document, plan_of(spec))
    assert [one.line_form() for one in found] == []


@pytest.mark.parametrize("spec", SPECS)
def test_every_panel_leads_somewhere_and_says_what_it_is(spec: str) -> None:
    for path, text in dashboards(spec).items():
        board = json.loads(text)
        for panel in board["panels"]:
            if panel["type"] in {"row", "text"}:
                continue
            defaults = panel["fieldConfig"]["defaults"]
            assert defaults.get("links") or panel.get("links"), (path, panel["title"])
            assert all((defaults["noValue"], defaults["unit"], panel["title"], panel["description"]))
        assert board["templating"]["list"][0]["name"] == "datasource"
