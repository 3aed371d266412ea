"""The budget that alerts tell of, as every promtool fills it in: odd label values, and a budget nobody recorded."""

from __future__ import annotations

import subprocess
from itertools import product
from typing import TYPE_CHECKING, Any

from tests.unit.factories import a_ratio, an_slo, facts
from watchbill.kinds.objectives.alerts import budget_left
from watchbill.targets.rule_tests import series_name
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

LEFT = "slo:error_budget_remaining:ratio"
OWN = (("service", "shop"), ("slo", "calls"))
ODD = ("plain", 'say "7"', "back\\slash", "new\nline", "ü😀", "{{ .x }}", "%s%q", "", "a'b`c", "}] or vector(1)")
LEVELS = ((0.375, "37.5%"), (-0.25, "-25%"), (None, "unknown"))


def one_test(value: str, left: float | None, shown: str) -> dict[str, Any]:
    """One alert of a group, and budgets of that group (if recorded) and of another one."""
    zone = (("zone", value),) if value else ()
    alerting = zone or (("a", "b"),)
    given = [
        {"series": series_name("x", alerting), "values": "1x9"},
        {"series": series_name(LEFT, (*OWN, ("zone", "somewhere else"))), "values": "0.11x9"},
    ]
    if left is not None:
        given.append({"series": series_name(LEFT, (*OWN, *zone)), "values": f"{left}x9"})
    expected = [{"exp_labels": dict(alerting), "exp_annotations": {"left": shown}}]
    return {
        "interval": "1m",
        "input_series": given,
        "alert_rule_test": [{"alertname": "X", "eval_time": "5m", "exp_alerts": expected}],
    }


def test_any_label_value_finds_its_own_budget(promtool: Tool, tmp_path: Path) -> None:
    asked = budget_left(facts(an_slo(sli=a_ratio(by=["zone"]))))
    rule = {"alert": "X", "expr": "x == 1", "annotations": {"left": asked}}
    (tmp_path / "r.yml").write_text(dump({"groups": [{"name": "g", "interval": "1m", "rules": [rule]}]}))
    tests = [one_test(value, *level) for value, level in product(ODD, LEVELS)]
    path = tmp_path / "t.yml"
    path.write_text(dump({"rule_files": ["r.yml"], "evaluation_interval": "1m", "tests": tests}))
    done = subprocess.run([promtool.path, "test", "rules", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
