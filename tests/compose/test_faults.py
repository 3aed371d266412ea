"""Faults are switches: each changes something and puts it back, and names alerts that exist."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest
import yaml

from compose.coverage import PAGE, REASONS, catalogue, page, uncovered
from compose.simulator.agents.conduct import Conduct as AgentConduct
from compose.simulator.agents.faults import faults as agent_faults
from compose.simulator.backups.conduct import Conduct as BackupConduct
from compose.simulator.backups.faults import faults as backup_faults
from compose.simulator.books import Books
from compose.simulator.fault import Fault, Switches, UnknownFaultError, changing
from compose.simulator.gateway import Conduct as GatewayConduct
from compose.simulator.gateway import faults as gateway_faults
from compose.simulator.queues.conduct import Conduct as QueueConduct
from compose.simulator.queues.faults import faults as queue_faults
from compose.simulator.records.conduct import Conduct as RecordConduct
from compose.simulator.records.faults import faults as record_faults
from compose.simulator.records.release import Release
from compose.simulator.sandboxes.conduct import Conduct as SandboxConduct
from compose.simulator.sandboxes.faults import faults as sandbox_faults
from compose.simulator.settings import Settings
from compose.simulator.streams.conduct import Conduct as StreamConduct
from compose.simulator.streams.faults import faults as stream_faults
from compose.simulator.themes import themes
from lab.toolchain import ROOT
from tests.bundle.specs import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"(.*)"')
THEMES: list[tuple[Callable[[], Any], Callable[[Any], tuple[Fault, ...]]]] = [
    (AgentConduct, agent_faults),
    (GatewayConduct, lambda conduct: gateway_faults(conduct, Books())[:1]),
    (Books, lambda books: gateway_faults(GatewayConduct(), books)[1:]),
    (StreamConduct, stream_faults),
    (QueueConduct, queue_faults),
    (SandboxConduct, sandbox_faults),
    (BackupConduct, backup_faults),
]


@pytest.mark.parametrize(("conduct", "faults"), THEMES, ids=lambda one: getattr(one, "__module__", ""))
def test_each_fault_changes_conduct_and_puts_it_back(
    conduct: Callable[[], Any], faults: Callable[[Any], tuple[Fault, ...]]
) -> None:
    made = conduct()
    usual = dataclasses.asdict(made)
    for fault in faults(made):
        fault.on()
        assert dataclasses.asdict(made) != usual, fault.name
        fault.off()
        assert dataclasses.asdict(made) == usual, fault.name


def test_a_tampered_release_has_another_prompt_until_it_is_restored(tmp_path: Path) -> None:
    release = Release(tmp_path)
    release.write()
    prompt = tmp_path / "release" / "prompts" / "system.md"
    released = prompt.read_bytes()
    [fault] = [fault for fault in record_faults(RecordConduct(), release) if fault.name == "release-tampered"]
    fault.on()
    assert prompt.read_bytes() != released
    fault.off()
    assert prompt.read_bytes() == released


def test_every_alert_that_a_fault_names_is_in_the_reference_bundle_and_no_name_is_taken_twice(tmp_path: Path) -> None:
    known = {alert.name for alert in plan_of("reference").alerts()}
    settings = Settings(folder=tmp_path, exporter="http://127.0.0.1:9", redis="redis://127.0.0.1:9/0")
    switches = Switches(fault for theme in themes(settings) for fault in theme.faults())
    named = {alert for fault in switches for alert in fault.alerts}
    assert named <= known
    assert {"RunSuccessBudgetBurnFast", "GatewayUpBudgetBurnFast", "ReconnectsResumeBudgetBurnFast"} <= named


def test_switching_twice_is_switching_once_and_clear_switches_all_off() -> None:
    happened: list[str] = []
    fault = Fault("stuck", "", (), on=lambda: happened.append("on"), off=lambda: happened.append("off"))
    switches = Switches([fault])
    switches.set("stuck", on=False)
    switches.set("stuck", on=True)
    switches.set("stuck", on=True)
    assert switches.is_on("stuck")
    switches.clear()
    assert happened == ["on", "off"]
    with pytest.raises(UnknownFaultError):
        switches.set("stuk", on=True)


def test_two_faults_of_one_name_are_refused() -> None:
    conduct = AgentConduct()
    twice = [changing(conduct, "same", "", (), pace=0.0)] * 2
    with pytest.raises(ValueError, match="two faults are called same"):
        Switches(twice)


def test_what_fires_which_alert_is_written_down_and_every_other_alert_has_its_reason() -> None:
    alerts = [alert.name for alert in plan_of("reference").alerts()]
    text = PAGE.read_text(encoding="utf-8")
    assert page(text, alerts) == text, "run `python -m compose.files`"
    left = uncovered(alerts)
    assert "" not in left, left[""]
    assert not {why for _, why in REASONS} - left.keys(), "reasons that no alert needs"
    named = {alert for fault in catalogue() for alert in fault.alerts}
    assert named.isdisjoint(name for names in left.values() for name in names)
    assert len(named) + sum(map(len, left.values())) == len(alerts)


def test_no_fault_names_an_alert_that_another_of_its_alerts_silences() -> None:
    """They are named in the order in which they fire."""
    plan = plan_of("reference")
    labels = {alert.name: {**dict(alert.labels), "alertname": alert.name} for alert in plan.alerts()}
    rules = yaml.safe_load((ROOT / "compose" / "configs" / "alertmanager.yml").read_text(encoding="utf-8"))[
        "inhibit_rules"
    ]
    silenced = [
        (fault.name, other, name)
        for fault in catalogue()
        for name in fault.alerts
        for other in fault.alerts[: fault.alerts.index(name)]
        for rule in rules
        if ("alertname" in str(rule["source_matchers"]) or "tier" in str(rule["source_matchers"]))
        and all(matches(one, labels[other]) for one in rule["source_matchers"])
        and all(matches(one, labels[name]) for one in rule["target_matchers"])
    ]
    assert silenced == []


def matches(matcher: str, labels: dict[str, str]) -> bool:
    found = MATCHER.fullmatch(matcher)
    assert found, matcher
    name, operator, value = found.groups()
    actual = labels.get(name, "")
    fits = re.fullmatch(value, actual) is not None if "~" in operator else actual == value
    return fits is not operator.startswith("!")
