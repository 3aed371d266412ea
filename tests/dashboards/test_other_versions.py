"""The same on every other Prometheus there is, and for the example of plain HTTP: it takes minutes."""

import json
from pathlib import Path

import pytest

from lab.demo_history import demo
from lab.toolchain import Tool, matrix
from tests.bundle.specs import SPECS, files_of
from tests.dashboards.ask import ask, everything, filled, questions, values

LEGS = [
    pytest.param(leg.leg, marks=() if isinstance(leg, Tool) else pytest.mark.skip(reason=str(leg)))
    for leg in matrix("prometheus")
]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("spec", ["reference", "http"])
def test_every_query_is_answered(spec: str, leg: str, tmp_path: Path) -> None:
    with demo(SPECS[spec], tmp_path, leg=leg) as one:
        empty = []
        for path, text in files_of(spec).items():
            if path.endswith(".json"):
                dashboard = json.loads(text)
                variables = everything(dashboard, values(one, dashboard))
                empty += [
                    f"{path}: {question.panel} / {question.key}"
                    for question in questions(dashboard)
                    if not ask(one, filled(question.expr, variables), instant=question.instant)
                ]
        assert empty == []
