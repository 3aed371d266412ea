"""Processes are killed, some together: the others serve on, the right alerts fire, no other, and all recovers."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from compose.demo.places import NAMES
from lab.process import wait_until
from tests.compose.running import DOWN, Demo
from tests.compose.test_demo import TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator

TOLD_WITHIN = 330
"""Two minutes of `for`, a scrape and an evaluation late, Alertmanager's ten seconds; on a machine that is busy."""
AWAY = 20
"""How long those are away that nobody is told of, s."""
pytestmark = [
    pytest.mark.demo,
    pytest.mark.timeout(1200),
    pytest.mark.xdist_group("reliability of the stack"),
    pytest.mark.skipif(not TOOLS, reason="not available: prometheus, promtool or alertmanager"),
]


@dataclass(frozen=True)
class Round:
    """Processes that are killed together, the jobs that are told to be down without them, and what else may be told.

    `shortly` are killed and started again meanwhile; `fault` is on too, and the first of its alerts has to be told.
    """

    victims: tuple[str, ...]
    jobs: tuple[str, ...] = ()
    shortly: tuple[str, ...] = ()
    fault: str = ""
    besides: tuple[str, ...] = ()


WATCHERS = Round(
    ("redis", "queue-exporter", "sandbox-exporter", "backup-exporter"), ("queue", "sandbox", "backup"),
    shortly=("alertmanager",), fault="runs-fail",
)  # fmt: skip
PLATFORM = Round(
    ("agent-exporter", "simulator"), ("agents", "gateway"), shortly=("prometheus",),
    # without its prober the gateway counts as down (`on_no_data: bad`), until the job is known to be
    besides=("GatewayUpBudgetBurnFast",),
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with Demo(tmp_path_factory.mktemp("reliability"), "--days=3") as running:
        assert wait_until(lambda: len(running.prometheus.query('up{instance!="instance-1"} == 1')) >= 6, 120)
        yield running


@pytest.mark.parametrize(
    "killed", [pytest.param(WATCHERS, id="watchers"), pytest.param(PLATFORM, id="platform", marks=pytest.mark.slow)]
)
def test_those_that_are_killed_take_no_other_along_and_are_back_when_started(demo: Demo, killed: Round) -> None:
    pids = {one["name"]: one["pid"] for one in demo.get("/processes")}
    if absent := {*killed.victims} - pids.keys():
        pytest.skip(f"not available: {', '.join(sorted(absent))} cannot run here")
    begun = time.time()
    for name in (*killed.victims, *killed.shortly):
        os.kill(pids[name], signal.SIGKILL)
    assert wait_until(lambda: all(f"{name} was killed by SIGKILL" in demo.said() for name in killed.victims), 60)
    fired = faulty(demo, killed.fault)
    time.sleep(AWAY)
    assert running(demo) == pids.keys() - {*killed.victims, *killed.shortly}
    assert not unanswered(demo)
    for name in killed.shortly:
        assert demo.post(f"/processes/{name}", {"run": True}).ok
    assert wait_until(lambda: beats(demo, begun + AWAY), 150, pause=2)

    wanted = {(DOWN, job) for job in killed.jobs} | {(name, "") for name in fired[:1]}
    assert wait_until(lambda: wanted <= demo.told(begun), TOLD_WITHIN, pause=2), demo.told(begun)
    print(f"{', '.join(killed.victims)}: all is told after {time.time() - begun:.0f} s")
    allowed = {DOWN, *fired, *killed.besides}
    assert {name for name, _ in demo.told(begun) - demo.always()} <= allowed
    if fired:
        assert_runbooks(demo, begun, fired)
    assert running(demo) == pids.keys() - {*killed.victims}
    assert not unanswered(demo)

    if killed.fault:
        demo.switch(killed.fault, on=False)
    back = time.time()
    for name in killed.victims:
        assert demo.post(f"/processes/{name}", {"run": True}).ok
    assert wait_until(lambda: all(up(demo, job) for job in killed.jobs), 120), demo.prometheus.query("up")
    assert not unanswered(demo)
    assert demo.prometheus.query("last_over_time(slo:events:sum1h[10m]) > 0"), "the past is gone"
    gone = {(DOWN, job) for job in killed.jobs}
    assert wait_until(lambda: gone <= demo.told(back, "resolved"), 300, pause=2)
    print(f"{', '.join(killed.victims)}: all is over after {time.time() - back:.0f} s")


def faulty(demo: Demo, fault: str) -> tuple[str, ...]:
    """Switch the fault on; return the alerts it names."""
    if not fault:
        return ()
    demo.switch(fault, on=True)
    assert demo.get(f"/faults/{fault}") == {"on": True}
    [found] = [one["alerts"] for one in demo.get("/faults") if one["name"] == fault]
    return tuple(found)


def assert_runbooks(demo: Demo, since: float, alerts: tuple[str, ...]) -> None:
    """The page reaches whom the bundle says, and its runbook is there, with links of the demo."""
    rows = [row for row in demo.received(since) if row["labels"]["alertname"] in alerts]
    assert {row["receiver"] for row in rows} == {"watchbill-support-agents-page"}
    pages = {row["annotations"]["runbook_url"] for row in rows}
    assert all(urlsplit(page).port == demo.port("control") and demo.session.get(page, timeout=10).ok for page in pages)
    site = demo.session.get(next(iter(pages)), timeout=10).text
    assert demo.get("/urls")["prometheus"] in site
    assert "prometheus.example.com" not in site


def running(demo: Demo) -> set[str]:
    return {one["name"] for one in demo.get("/processes") if one["running"]}


def beats(demo: Demo, since: float) -> bool:
    """Whether the dead man's switch was heard: Prometheus and Alertmanager both work."""
    return any(row["receiver"] == "deadman" for row in demo.get(f"/received?since={since}"))


def up(demo: Demo, job: str) -> bool:
    return any(value == 1 for _, value in demo.prometheus.query(f'up{{job="{job}",instance!="instance-1"}}'))


def unanswered(demo: Demo) -> list[str]:
    """Return those that run but do not answer."""
    paths = {"simulator": "/healthy"}
    found = []
    for name in running(demo) - {"redis"}:
        port = name.removesuffix("-exporter")
        assert port in NAMES, name
        try:
            good = demo.session.get(f"http://127.0.0.1:{demo.port(port)}{paths.get(port, '/-/ready')}", timeout=20).ok
        except OSError:
            good = False
        if not good:
            found.append(name)
    return found
