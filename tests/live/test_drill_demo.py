"""`watchbill drill --stack` on the demo: real faults of real components, told to the receivers that the plan says."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from lab.toolchain import alertmanagers, prometheis, promtools
from tests.bundle.specs import SPECS, plan_of
from tests.compose.running import Demo
from watchbill.targets.routes.checks import expected
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from pathlib import Path

WITHIN = 4 * 60
ALERTS = ("GatewayUpBudgetBurnFast", "SandboxesFailedStarts")
"""Their faults have no item in common, so they are on together; a day's history is enough for them."""
COMMAND = (sys.executable, "-c", "from watchbill.cli import main; main()", "drill", str(SPECS["reference"]))
LIMITS = ("--longest", "180", "--longest-end", "10")
"""Their ends take what `keep_firing_for` and `group_interval` say: ten minutes."""
TOOLS = bool(prometheis() and promtools() and alertmanagers())

pytestmark = [
    pytest.mark.drill,
    pytest.mark.timeout(WITHIN + 120),
    pytest.mark.skipif(not TOOLS, reason="not available: prometheus, promtool or alertmanager"),
]


def test_faults_of_the_demo_page_whom_the_plan_says_and_are_mended(tmp_path: Path) -> None:
    begun = time.monotonic()
    with Demo(tmp_path, "--days=1") as demo:
        command = [*COMMAND, *ALERTS, "--stack", demo.control, *LIMITS, "--format", "json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        faults = {fault["name"]: demo.get(f"/faults/{fault['name']}")["on"] for fault in demo.get("/faults")}
    took = time.monotonic() - begun
    found = {one["alert"]: one for one in json.loads(done.stdout)}
    plan = plan_of("reference")
    receivers = {alert.name: expected(plan, labels) for alert, labels in label_sets(plan)}
    print({name: round(one["fired_after"] or 0) for name, one in found.items()}, f"{took:.0f} s in all")
    assert [one for one in found.values() if one["problems"] or one["left_out"]] == [], done.stderr
    assert done.returncode == 0, done.stderr
    assert found.keys() == set(ALERTS)
    for name, one in found.items():
        assert one["receivers"] == [receivers[name]]
        assert one["links_ok"] is True
        assert one["received_after"] >= one["fired_after"]
    assert len({one["injected"] for one in found.values()}) == len(ALERTS)
    assert not any(faults.values())
    assert took < WITHIN
