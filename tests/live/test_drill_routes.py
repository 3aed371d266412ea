"""`watchbill drill --route-only` against a real Alertmanager with the reference bundle's routes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import yaml

from lab.process import wait_until
from lab.services import Alertmanager
from lab.toolchain import ROOT, Tool
from lab.webhook import Webhook
from tests.bundle.specs import files_of, plan_of
from tests.unit.cli.console import Shown, run
from watchbill.live import routed
from watchbill.targets.routes.checks import expected
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

SPEC = str(ROOT / "watchbill.yaml")
PAGE, MISSING, TICKET = "RunSuccessBudgetBurnFast", "RunSuccessSignalMissing", "RunSuccessBudgetBurnSlow"
DRILL = (sys.executable, "-c", "from watchbill.cli import main; main()", "drill")
QUICK = ("--route-only", "--yes", "--rate", "6000")


def config(port: int) -> dict[str, Any]:
    """The bundle's own file; every receiver is a path of one webhook, and sent to at once."""
    found: dict[str, Any] = yaml.safe_load(files_of("reference")["alerts/alertmanager/alertmanager.yml"])
    found.pop("templates", None)
    for receiver in found["receivers"]:
        name = receiver["name"]
        receiver.clear()
        receiver.update(name=name, webhook_configs=[{"url": f"http://127.0.0.1:{port}/{name}"}])
    return found


@contextmanager
def serving(
    binary: Path, folder: Path, change: Callable[[dict[str, Any]], None] = lambda _: None
) -> Iterator[tuple[Alertmanager, Webhook]]:
    with Webhook() as webhook:
        document = config(webhook.port)
        change(document)
        with Alertmanager(binary, folder, {"alertmanager.yml": yaml.safe_dump(document)}) as alertmanager:
            yield alertmanager, webhook


def at(server: Alertmanager) -> tuple[str, str]:
    return "--alertmanager", f"http://{server.address}"


def test_every_alert_is_received_routed_and_kept_quiet_as_the_plan_says(
    alertmanager: Tool, tmp_path: Path, capsys: Shown
) -> None:
    with serving(alertmanager.path, tmp_path) as (server, webhook):
        code, out, err = run(capsys, "drill", SPEC, *at(server), *QUICK, "--format", "json")
        answers = {answer["alert"]: answer for answer in json.loads(out)}
        assert [a for a in answers.values() if a["problems"]] == []
        assert code == 0
        plan = plan_of("reference")
        assert {name: tuple(a["receivers"]) for name, a in answers.items()} == {
            alert.name: (expected(plan, labels),) for alert, labels in label_sets(plan)
        }
        assert answers[PAGE]["quiet"].endswith("SignalMissing")
        assert answers["SupportAgentsWatchdog"]["quiet"] == ""
        assert f"may notify: {', '.join(sorted({name for a in answers.values() for name in a['receivers']}))}" in err
        assert server.alerts() == []
        assert [told.path for told in webhook.told if told.path != "/deadman"] == []


def test_an_alert_that_is_held_is_told_as_a_drill_and_told_again_when_it_is_over(
    alertmanager: Tool, tmp_path: Path, capsys: Shown
) -> None:
    def soon(document: dict[str, Any]) -> None:
        for route in document["route"]["routes"][0]["routes"]:
            route.update(group_wait="1s", group_interval="1s")

    with serving(alertmanager.path, tmp_path, soon) as (server, webhook):
        name = "SupportAgentsRuleEvaluationMissed"
        page = "RunSuccessSignalMissing"
        assert run(capsys, "drill", SPEC, page, name, *at(server), *QUICK, "--hold", "7")[0] == 0
        to = "/watchbill-support-agents-page"
        assert wait_until(lambda: {t.body["status"] for t in webhook.at(to)} == {"firing", "resolved"}, 60)
        [alert] = webhook.at(to)[0].body["alerts"]
        assert (alert["labels"]["drill"], alert["labels"]["alertname"]) == ("true", page)
        assert alert["annotations"]["summary"] == f"FIRE DRILL: {page}"
        assert alert["annotations"]["runbook_url"].endswith(f"/{page}.html")


def test_a_wrong_route_and_a_missing_inhibition_are_told_and_fail(
    alertmanager: Tool, tmp_path: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routed, "PATIENCE", 5.0)

    def broken(document: dict[str, Any]) -> None:
        document["inhibit_rules"] = []
        document["route"]["routes"].insert(
            0, {"matchers": [f'alertname="{PAGE}"'], "receiver": "agents-tickets", "group_wait": "1m"}
        )

    with serving(alertmanager.path, tmp_path, broken) as (server, _):
        code, out, _ = run(capsys, "drill", SPEC, PAGE, TICKET, *at(server), *QUICK)
        assert code == 1
        head, first, second = out.splitlines()
        assert head.split("  ")[0] == "ALERT"
        assert "goes to agents-tickets, not to watchbill-support-agents-page; is not kept quiet by" in first
        assert second.startswith(TICKET)
        assert "goes to" not in second
        assert "is not kept quiet by" in second


def test_what_really_fires_counts_and_an_inhibition_of_the_hosts_own_is_told(
    alertmanager: Tool, tmp_path: Path, capsys: Shown
) -> None:
    def own(document: dict[str, Any]) -> None:
        rule = {"source_matchers": ["alertname=Host"], "target_matchers": [f"alertname={PAGE}"]}
        document["inhibit_rules"].append(rule)

    with serving(alertmanager.path, tmp_path, own) as (server, _):
        [missing] = [labels for alert, labels in label_sets(plan_of("reference")) if alert.name == MISSING]
        server.fire([missing])
        _, out, _ = run(capsys, "drill", SPEC, TICKET, *at(server), *QUICK, "--format", "json")
        [answer] = json.loads(out)
        assert (answer["quiet"], answer["problems"]) == (MISSING, [])
        assert [a["labels"]["alertname"] for a in server.alerts()] == [MISSING]
    with serving(alertmanager.path, tmp_path / "again", own) as (server, _):
        server.fire([{"alertname": "Host"}])
        code, out, _ = run(capsys, "drill", SPEC, PAGE, *at(server), *QUICK)
        assert code == 1
        assert "is kept quiet by Host, which the plan does not say" in out


def test_it_asks_first_and_nothing_is_pushed_without_a_yes(alertmanager: Tool, tmp_path: Path, capsys: Shown) -> None:
    with serving(alertmanager.path, tmp_path) as (server, _):
        asked = subprocess.run(
            [*DRILL, SPEC, PAGE, *at(server), "--route-only"], input="n\n", capture_output=True, text=True, check=False
        )
        assert asked.returncode == 1
        assert "may notify: watchbill-support-agents-page" in asked.stderr
        assert "nothing was pushed" in asked.stderr
        assert server.alerts() == []


def test_an_interrupt_resolves_what_was_pushed(alertmanager: Tool, tmp_path: Path) -> None:
    with serving(alertmanager.path, tmp_path) as (server, _):
        drill = subprocess.Popen(
            [*DRILL, SPEC, PAGE, *at(server), *QUICK, "--hold", "600"], stderr=subprocess.PIPE, text=True
        )
        try:
            assert wait_until(server.alerts, 60)
            time.sleep(0.5)
            os.kill(drill.pid, signal.SIGINT)
            assert "interrupted" in drill.communicate(timeout=30)[1]
        finally:
            drill.kill()
        assert drill.returncode == 130
        assert server.alerts() == []
