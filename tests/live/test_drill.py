"""Every alert of the reference bundle, fired through a real Prometheus and a real Alertmanager into a webhook.

Each is led to the brink by history, fires live, reaches the receiver that the plan names with exactly its labels, links
to a page that is in the bundle, clears, and its end is told. Where a scenario fires several alerts of a unit at once, a
second act plays that, and shows which of them Alertmanager keeps quiet.

Left out, with the reason:

- Receivers are webhooks: there is no PagerDuty and no Slack here. Routes and inhibitions are the plan's, but groups are
  told after 2 s instead of minutes, and tickets do not wait for working hours: CI runs at night, too.
- Burn alerts and collapsed traffic start at recorded window sums, lost signals at tiles, as their scenarios do: 3 days
  of tiles cannot pass in minutes. Tiles and sums are proven live by `test_tiles_exact.py` and `test_alert_chain.py`.
- Slow rule groups are evaluated every 30 s instead of every 5 min, which the expressions played here do not depend on.
- The watchdog never clears: that is what it is for.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.bundle.specs import SPECS, plan_of
from tests.lab.real_world import legs, tool
from watchbill.routetree import quieted_by
from watchbill.targets.routes.checks import expected, quiet_rules
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from pathlib import Path

WITHIN = 15 * 60
WATCHDOG = "SupportAgentsWatchdog"
A_FEW = ("RunSuccessBudgetBurnFast", "CheckpointBackupBudgetBurnChronic", "SupportAgentsTargetsDown", WATCHDOG)
ALWAYS_FIRE = {WATCHDOG}

Outcome = dict[str, Any]

pytestmark = [
    pytest.mark.xdist_group("drill"),
    pytest.mark.skipif(not legs(), reason="no leg of the tool matrix has Prometheus, promtool and Alertmanager"),
]


def drilled(leg: str, folder: Path, *names: str) -> list[Outcome]:
    """Run the command as people do, with the tools of a leg."""
    binaries = (("--prometheus-binary", "prometheus"), ("--promtool", "promtool"))
    flags = [part for flag, name in binaries for part in (flag, str(tool(name, leg).path))]
    flags += ["--alertmanager-binary", str(tool("alertmanager", leg).path), "--local", "--format", "json"]
    command = [sys.executable, "-c", "from watchbill.cli import main; main()", "drill", str(SPECS["reference"])]
    done = subprocess.run([*command, *names, *flags], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode in {0, 1}, done.stderr
    found: list[Outcome] = json.loads(done.stdout)
    assert [one for one in found if one["problems"]] == []
    assert done.returncode == 0
    return found


def own(found: list[Outcome]) -> dict[str, Outcome]:
    """Return each alert's own act: the first one."""
    return {one["alert"]: one for one in reversed(found)}


def check(found: list[Outcome], name: str) -> None:
    one, plan = own(found)[name], plan_of("reference")
    receivers = {alert.name: expected(plan, labels) for alert, labels in label_sets(plan)}
    assert one["fired_after"] is not None
    assert one["received_after"] >= one["fired_after"] - 1
    assert one["receivers"] == [receivers[name]]
    assert one["links"] == [f"runbooks/site/{name}.html"]
    assert (one["resolved_after"] is None) is (name == WATCHDOG)
    assert set(one["also_fired"]) <= ALWAYS_FIRE


@pytest.mark.slow
@pytest.mark.timeout(WITHIN + 300)
def test_every_alert_fires_reaches_its_receiver_and_is_resolved_within_15_minutes(tmp_path: Path) -> None:
    begun = time.monotonic()
    found = drilled(legs()[-1], tmp_path)
    took = time.monotonic() - begun
    latest = max(one["fired_after"] for one in found)
    print(f"{len(found)} scenes of {len(own(found))} alerts in {took:.0f} s, the last one fired after {latest:.0f} s")
    assert took < WITHIN
    assert list(own(found).keys() ^ {alert.name for alert in plan_of("reference").alerts()}) == []
    for name in own(found):
        check(found, name)
    crowds = [one for one in found if one is not own(found)[one["alert"]]]
    assert_quiet_as_planned(crowds)


def assert_quiet_as_planned(crowds: list[Outcome]) -> None:
    """Of alerts that fire at once, those are quiet that the plan's inhibitions say, and only those."""
    rules, plan = quiet_rules(plan_of("reference")), plan_of("reference")
    labels = {alert.name: labels for alert, labels in label_sets(plan)}
    by_act: dict[str, list[Outcome]] = {}
    for one in crowds:
        by_act.setdefault(one["injected"], []).append(one)
    assert len(by_act) >= len(plan.units) - 2  # all but the bundle's own health and watch
    for act in by_act.values():
        names = [one["alert"] for one in act]
        for one in act:
            sources = {n for n in names if quieted_by(rules, labels[n], labels[one["alert"]])}
            assert (one["quiet"] in sources) if sources else (one["quiet"] == ""), one


@pytest.mark.slow
@pytest.mark.timeout(WITHIN)
@pytest.mark.parametrize("leg", legs()[:-1])
def test_on_every_version_a_fast_a_slow_a_pending_and_a_constant_alert_do(leg: str, tmp_path: Path) -> None:
    found = drilled(leg, tmp_path, *A_FEW)
    for name in A_FEW:
        check(found, name)
