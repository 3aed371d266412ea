"""Every query of every generated dashboard is asked of a real Prometheus with a day of history, and answered."""

import json
from pathlib import Path

import pytest

from lab.demo_history import Demo
from lab.toolchain import ROOT
from tests.dashboards.ask import ask, columns, everything, filled, questions, values

DASHBOARDS = sorted((ROOT / "dashboards").glob("*.json"))
pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]


@pytest.fixture(params=DASHBOARDS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


def test_every_panel_has_data_with_the_labels_it_shows(path: Path, demo_history: Demo) -> None:
    dashboard = json.loads(path.read_text())
    variables = everything(dashboard, values(demo_history, dashboard))
    empty, unlabelled = [], []
    for question in questions(dashboard):
        found = ask(demo_history, filled(question.expr, variables), instant=question.instant)
        if not found:
            empty.append(f"{question.panel} / {question.key}")
        elif not all(question.labels <= set(labels) for labels in found):
            unlabelled.append(f"{question.panel} / {question.key}: {sorted(question.labels)} in {found[0]}")
    assert (empty, unlabelled) == ([], [])


def test_every_column_of_a_table_is_a_label_of_some_query(path: Path, demo_history: Demo) -> None:
    dashboard = json.loads(path.read_text())
    variables = everything(dashboard, values(demo_history, dashboard))
    for panel in dashboard["panels"]:
        if wanted := columns(panel):
            seen = {
                name
                for target in panel["targets"]
                for labels in ask(demo_history, filled(target["expr"], variables), instant=True)
                for name in labels
            }
            assert wanted <= seen, panel["title"]


def test_every_variable_offers_values_and_each_of_them_has_data(path: Path, demo_history: Demo) -> None:
    dashboard = json.loads(path.read_text())
    offered = values(demo_history, dashboard)
    assert all(offered.values())
    level = [q for q in questions(dashboard) if q.panel.startswith(("Good", "Error budget left over", "Events"))]
    for name, choices in offered.items():
        if name == "slo":
            continue
        for choice in choices:
            variables = {**everything(dashboard, offered), name: choice}
            for question in level:
                assert ask(demo_history, filled(question.expr, variables), instant=False), (question, choice)


def test_every_annotation_marks_something(path: Path, demo_history: Demo) -> None:
    dashboard = json.loads(path.read_text())
    variables = everything(dashboard, values(demo_history, dashboard))
    names = {}
    for note in dashboard["annotations"]["list"]:
        names[note["name"]] = ask(demo_history, filled(note["expr"], variables), instant=False)
    assert names.keys() == {"Firing alerts", "Deployments"}
    assert all(names.values())
    assert all("alertname" in labels for labels in names["Firing alerts"])
