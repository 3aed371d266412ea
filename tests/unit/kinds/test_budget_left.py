"""The budget that alerts tell of, as every promtool fills it in: odd label values, and a budget nobody recorded."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.unit.factories import a_ratio, an_slo, facts
from watchbill.kinds.objectives.alerts import budget_left
from watchbill.targets.rule_tests import series_name
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from pathlib import Path

    from tests.toolchain import Tool

LEFT = "slo:error_budget_remaining:ratio"
ODD = ["plain", 'say "7"', "back\\slash", "new\nline", "ü😀", "{{ .x }}", "%s%q", "", "a'b`c", "}] or vector(1)"]


@pytest.mark.parametrize("value", ODD, ids=[f"value {i}" for i in range(len(ODD))])
@pytest.mark.parametrize(("left", "shown"), [(0.375, "37.5%"), (-0.25, "-25%"), (None, "unknown")])
def test_any_label_value_finds_its_own_budget(
    value: str, left: float | None, shown: str, promtool: Tool, tmp_path: Path
) -> None:
    one = facts(an_slo(sli=a_ratio(by=["zone"])))
    rule = {
        "alert": "X",
        "expr": 'label_replace(vector(1), "y", "1", "", "") * on () group_right () x',
        "annotations": {"left": budget_left(one)},
    }
    (tmp_path / "r.yml").write_text(dump({"groups": [{"name": "g", "interval": "1m", "rules": [rule]}]}))
    labels = (("service", "shop"), ("slo", "calls"), *((("zone", value),) if value else ()))
    other = (("service", "shop"), ("slo", "calls"), ("zone", "somewhere else"))
    given = [
        {"series": series_name("x", (("zone", value),) if value else (("a", "b"),)), "values": "1x9"},
        {"series": series_name(LEFT, other), "values": "0.11x9"},
    ]
    if left is not None:
        given.append({"series": series_name(LEFT, labels), "values": f"{left}x9"})
    expected = {"zone": value} if value else {"a": "b"}
    test = {
        "interval": "1m",
        "input_series": given,
        "alert_rule_test": [
            {
                "alertname": "X",
                "eval_time": "5m",
                "exp_alerts": [{"exp_labels": expected, "exp_annotations": {"left": shown}}],
            }
        ],
    }
    path = tmp_path / "t.yml"
    path.write_text(dump({"rule_files": ["r.yml"], "evaluation_interval": "1m", "tests": [test]}))
    done = subprocess.run([promtool.path, "test", "rules", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
