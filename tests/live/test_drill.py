"""Every alert of the reference bundle, fired through a real Prometheus and a real Alertmanager into a webhook.

Each is led to the brink by history, fires live, reaches the receiver that the plan names with exactly its labels, links
to a page that is in the bundle, clears, and its end is told. Where a scenario fires several alerts of a unit at once, a
second act plays that, and shows which of them Alertmanager keeps quiet. The quickest alert that a scenario tells of in
input metrics is led right through as well: tiles, sums and the alert from raw counters, times and gauges.

Left out, with the reason:

- Receivers are webhooks: there is no PagerDuty and no Slack here. Routes and inhibitions are the plan's, but groups are
  told after 2 s instead of minutes, and tickets do not wait for working hours: CI runs at night, too.
- Played alone, most start at recorded series, as their scenarios do: 3 days of tiles cannot pass in minutes. Right
  through go the quickest alerts only, of units with such a scenario. What is led right through is not awaited to its
  end: that takes as long as it takes.
- Slow rule groups are evaluated every 30 s instead of every 5 min, and nothing keeps firing for longer than a minute,
  but for what is led right through.
- The watchdog never clears: that is what it is for.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from lab.process import wait_until
from lab.real_world import legs, tool
from tests.bundle.specs import SPECS, plan_of
from watchbill.live.outcome import Part
from watchbill.live.scenes import acts, through
from watchbill.routetree import quieted_by
from watchbill.targets.routes.checks import expected, quiet_rules
from watchbill.targets.routes.labelsets import label_sets

WITHIN = 8 * 60
WATCHDOG = "SupportAgentsWatchdog"
A_FEW = ("RunSuccessBudgetBurnFast", "CheckpointBackupBudgetBurnChronic", "SupportAgentsTargetsDown", WATCHDOG)
ALWAYS_FIRE = {WATCHDOG}
Outcome = dict[str, Any]

pytestmark = [
    pytest.mark.xdist_group("drill"),
    pytest.mark.skipif(not legs(), reason="no leg of the tool matrix has Prometheus, promtool and Alertmanager"),
]


def tools(leg: str) -> list[str]:
    names = (
        ("--prometheus-binary", "prometheus"),
        ("--promtool", "promtool"),
        ("--alertmanager-binary", "alertmanager"),
    )
    return ["--local", *(part for flag, name in names for part in (flag, str(tool(name, leg).path)))]


def drilled(leg: str, folder: Path, *names: str, spec: str = "reference") -> list[Outcome]:
    """Run the command as people do, with the tools of a leg."""
    command = [sys.executable, "-c", "from watchbill.cli import main; main()", "drill", str(SPECS[spec])]
    done = subprocess.run(
        [*command, *names, *tools(leg), "--format", "json"], capture_output=True, text=True, check=False, cwd=folder
    )
    assert done.returncode in {0, 1}, done.stderr
    found: list[Outcome] = json.loads(done.stdout)
    assert [one for one in found if one["problems"]] == []
    assert done.returncode == 0
    return found


def own(found: list[Outcome]) -> dict[str, Outcome]:
    """Return what was played of each alert alone."""
    return {one["alert"]: one for one in found if one["part"] == Part.ALONE}


def check(found: list[Outcome], name: str) -> None:
    one, plan = own(found)[name], plan_of("reference")
    assert one["fired_after"] is not None
    if one["quiet"]:
        check_quiet(one)
    else:
        receivers = {alert.name: expected(plan, labels) for alert, labels in label_sets(plan)}
        assert one["received_after"] >= one["fired_after"]
        assert one["receivers"] == [receivers[name]]
        assert one["links"] == [f"runbooks/site/{name}.html"]
        assert one["links_ok"] is True
    assert (one["resolved_after"] is None) is (name == WATCHDOG)
    assert set(one["also_fired"]) <= ALWAYS_FIRE | related(name)


def check_quiet(one: Outcome) -> None:
    """An alert whose scenario fires a graver one as well reaches nobody: it is kept quiet as the plan says."""
    labels = {alert.name: labels for alert, labels in label_sets(plan_of("reference"))}
    assert one["quiet"] in one["also_fired"]
    assert quieted_by(quiet_rules(plan_of("reference")), labels[one["quiet"]], labels[one["alert"]])
    assert (one["receivers"], one["received_after"]) == ([], None)


def related(name: str) -> set[str]:
    """Return what may fire beside an alert: nothing of an objective does, where each condition alone decides."""
    [unit] = [unit for unit in plan_of("reference").units if any(alert.name == name for alert in unit.alerts())]
    burns = any(alert.family == "budget-burn" for alert in unit.alerts())
    return set() if burns else {alert.name for alert in unit.alerts()}


@pytest.mark.drill
@pytest.mark.timeout(WITHIN + 300)
def test_every_alert_fires_reaches_its_receiver_and_is_resolved_within_8_minutes(tmp_path: Path) -> None:
    plan = plan_of("reference")
    names = [alert.name for alert in plan.alerts()]
    begun = time.monotonic()
    found = drilled(legs()[-1], tmp_path)
    took = time.monotonic() - begun
    latest = max(one["fired_after"] for one in found)
    print(f"{len(found)} scenes of {len(own(found))} alerts in {took:.0f} s, the last one fired after {latest:.0f} s")
    assert took < WITHIN
    assert [one["alert"] for one in found if one["left_out"]] == []
    assert list(own(found).keys() ^ set(names)) == []
    for name in own(found):
        check(found, name)
    crowds = [act for act in acts(plan, names) if len(act) > 1]
    together = [one for one in found if one["part"] == Part.TOGETHER]
    assert sorted(one["alert"] for one in together) == sorted(scene.alert.name for act in crowds for scene in act)
    assert_quiet_as_planned(together)
    led = [one for one in found if one["part"] == Part.THROUGH]
    assert sorted(one["alert"] for one in led) == sorted(scene.alert.name for scene in through(plan, names))
    for one in led:
        assert one["receivers"] == own(found)[one["alert"]]["receivers"]


def assert_quiet_as_planned(crowds: list[Outcome]) -> None:
    """Of alerts that fire at once, those are quiet that the plan's inhibitions say, and only those."""
    rules, plan = quiet_rules(plan_of("reference")), plan_of("reference")
    labels = {alert.name: labels for alert, labels in label_sets(plan)}
    by_act: dict[str, list[Outcome]] = {}
    for one in crowds:
        by_act.setdefault(one["injected"], []).append(one)
    assert by_act
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


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_spec_without_receivers_is_drilled_into_one(tmp_path: Path) -> None:
    [one] = drilled(legs()[-1], tmp_path, "ShopApiTargetsDown", "--pace", "5", spec="http")
    assert one["receivers"] == ["drill"]
    assert one["resolved_after"] > one["received_after"] > 0


def living_in(folder: Path) -> list[str]:
    """Return the processes whose working folder is below a folder."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink().is_relative_to(folder):
                found.append(link.parent.name)
    return found


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_end_in_the_middle_leaves_no_server_and_no_folder(number: signal.Signals, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from watchbill.cli import main; main()",
        "drill",
        str(SPECS["reference"]),
        WATCHDOG,
    ]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    drill = subprocess.Popen([*command, *tools(legs()[-1])], env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert wait_until(lambda: len(living_in(tmp_path)) == 2, 60)
        drill.send_signal(number)
        assert "interrupted" in drill.communicate(timeout=40)[1]
    finally:
        drill.kill()
    assert drill.returncode == 130
    assert living_in(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
