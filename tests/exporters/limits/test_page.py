"""What the service says of itself: names that promtool has nothing against, described, and there from the beginning."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.exporters.limits.world import Service, alert
from tests.exporters.pages import values
from watchbill_exporters.limits import EXPORTER
from watchbill_exporters.limits.catalogue import ANSWERS, NAMES, Fault, Refused, Status

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool


def test_promtool_finds_nothing_wrong_with_the_page(promtool: Tool, tmp_path: Path) -> None:
    with Service(tmp_path) as service:
        service.tell(alert("spend-pace"))
        page = service.page()
    done = subprocess.run([promtool.path, "check", "metrics"], input=page, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_every_family_is_described_as_it_is_shown(tmp_path: Path) -> None:
    described = {family.name: family.type for family in EXPORTER.describe()}
    with Service(tmp_path) as service:
        service.tell(alert("spend-pace"))
        shown = {name for name, _ in values(service.page()) if name.startswith("agent_harness_")}
    assert {name.name.removesuffix("_total") for name in NAMES} == set(described)
    assert {name.name for name in NAMES} <= shown


def test_known_series_start_at_zero_and_what_has_not_happened_has_no_time(tmp_path: Path) -> None:
    with Service(tmp_path) as service:
        found = values(service.page())
    closed = {"status": tuple(Status), "reason": tuple(Refused), "fault": tuple(Fault), "code": ANSWERS}
    for name in NAMES:
        for label in name.labels:
            words = closed.get(label, ("spend-pace", "spend-all")) if name.is_counter else ()
            for word in words:
                assert found[name.name, frozenset({(label, str(word))})] == 0
    assert not any("timestamp" in name for name, _ in found if name.startswith("agent_harness_limits"))
    assert ("agent_harness_last_notification_timestamp_seconds", frozenset()) not in found
