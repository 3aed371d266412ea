"""Faults are switches: each changes something and puts it back, and names alerts that exist."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from compose.simulator.agents.conduct import Conduct as AgentConduct
from compose.simulator.agents.faults import faults as agent_faults
from compose.simulator.backups.conduct import Conduct as BackupConduct
from compose.simulator.backups.faults import faults as backup_faults
from compose.simulator.fault import Fault, Switches, UnknownFaultError, changing
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
from tests.bundle.specs import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

THEMES: list[tuple[Callable[[], Any], Callable[[Any], tuple[Fault, ...]]]] = [
    (AgentConduct, agent_faults),
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
