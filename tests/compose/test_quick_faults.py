"""Faults whose alerts can fire within minutes do fire them, at the receivers that the bundle says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from lab.process import wait_until
from tests.compose.running import Demo
from tests.compose.test_demo import TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator

TOLD_WITHIN = 540
PAGE, TICKET, LIMITS = "watchbill-support-agents-page", "agents-tickets", "watchbill-support-agents-limits"
WORKERS, RESTIC = "workers-killed", "restore-tests-fail"
ROUNDS: dict[str, dict[str, tuple[str, str]]] = {
    "bad work": {
        "first-token-late": ("FirstTokenBudgetBurnFast", PAGE),
        "tasks-unsolved": ("TaskSuccessBudgetBurnFast", PAGE),
        "cost-runaway": ("ModelSpendBurnFast", PAGE),
        "streams-cut": ("StreamContinuityBudgetBurnFast", PAGE),
        "cursor-dropped": ("ReconnectsResumeBudgetBurnFast", "client-team"),
        "sandboxes-do-not-start": ("SandboxesFailedStarts", PAGE),
        WORKERS: ("RunQueueNoWorkers", PAGE),
        RESTIC: ("CheckpointsRestoreTestFailing", TICKET),
    },
    "no work": {
        "gateway-down": ("GatewayUpBudgetBurnFast", PAGE),
        "calls-loop": ("ModelCallsBurnFast", PAGE),
        "sandboxes-oom": ("SandboxesOutOfMemory", TICKET),
        "restore-corrupted": ("CheckpointsRestoreMismatch", PAGE),
    },
}
"""Faults that are on together, as none disturbs another, with the first alert of each and who gets it."""
pytestmark = [
    pytest.mark.demo,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.xdist_group("quick faults of the stack"),
    pytest.mark.skipif(not TOOLS, reason="not available: prometheus, promtool or alertmanager"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with Demo(tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.mark.parametrize("faults", ROUNDS)
def test_they_are_told_to_whom_the_bundle_says(demo: Demo, faults: str) -> None:
    listed = {one["name"]: one["alerts"] for one in demo.get("/faults")}
    together = {name: wanted for name, wanted in ROUNDS[faults].items() if name in listed}
    assert set(ROUNDS[faults]) - set(together) <= {WORKERS, RESTIC, "restore-corrupted"}, "a part that runs everywhere"
    assert all(listed[name][0] == alert for name, (alert, _) in together.items() if name != "gateway-down")
    begun = time.time()
    for name in together:
        demo.switch(name, on=True)

    def got() -> dict[tuple[str, str], float]:
        rows = demo.received(begun)
        return {(r["labels"]["alertname"], r["receiver"]): r["at"] - begun for r in reversed(rows)}

    wanted = set(together.values())
    complete = wait_until(lambda: wanted <= got().keys(), TOLD_WITHIN, pause=2)
    for name in together:
        demo.switch(name, on=False)
    print({alert: f"{after:.0f} s" for (alert, _), after in got().items()})
    assert complete, f"not told: {wanted - got().keys()}"
    allowed = {alert for name in together for alert in listed[name]}
    earlier = {alert for other in ROUNDS if other != faults for name in ROUNDS[other] for alert in listed.get(name, ())}
    later = {"QueueWaitBudgetBurnFast"} if WORKERS in listed else set()  # waits count when jobs are taken at last
    assert {alert for alert, _ in got()} <= allowed | earlier | later
