"""Each process is killed in turn: the others serve on, the right alert fires, no other, and it recovers."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from compose.demo.places import NAMES
from tests.compose.running import Demo
from tests.compose.test_demo import TOOLS
from tests.lab.process import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

DOWN = "SupportAgentsTargetsDown"
TOLD_WITHIN = 330
"""Two minutes of `for`, a scrape and an evaluation late, Alertmanager's ten seconds; on a machine that is busy."""
QUIET = 45
"""How long those are away that nobody is told of: three scrapes."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(2400),
    pytest.mark.xdist_group("demo of the stack"),
    pytest.mark.skipif(not TOOLS, reason="not available: prometheus, promtool or alertmanager"),
]


@dataclass(frozen=True)
class Victim:
    """A process; the job that is down without it, whether that is told, and what else may rightly be told."""

    name: str
    job: str = ""
    told: bool = False
    besides: tuple[str, ...] = ()


VICTIMS = (
    Victim("redis"),
    Victim("sandbox-exporter", "sandbox"),
    Victim("backup-exporter", "backup"),
    Victim("alertmanager", "alertmanager"),
    Victim("prometheus"),
    Victim("queue-exporter", "queue", told=True),
    Victim("agent-exporter", "agents", told=True),
    # without its prober the gateway counts as down (`on_no_data: bad`), until the job is known to be
    Victim("simulator", "gateway", told=True, besides=("GatewayUpBudgetBurnFast",)),
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with Demo(tmp_path_factory.mktemp("reliability"), "--days=3") as running:
        assert wait_until(lambda: len(running.prometheus.query('up{instance!="instance-1"} == 1')) >= 6, 60)
        yield running


@pytest.mark.parametrize("victim", VICTIMS, ids=lambda victim: victim.name)
def test_one_that_is_killed_takes_no_other_along_and_is_back_when_started(demo: Demo, victim: Victim) -> None:
    processes = {one["name"]: one["pid"] for one in demo.get("/processes")}
    if victim.name not in processes:
        pytest.skip(f"not available: {victim.name} does not run here")
    begun = time.time()
    os.kill(processes[victim.name], signal.SIGKILL)
    assert wait_until(lambda: f"{victim.name} was killed by SIGKILL" in demo.said(), 10)

    if victim.told:
        wanted = (DOWN, victim.job)
        assert wait_until(lambda: wanted in told(demo, begun), TOLD_WITHIN, pause=2), demo.prometheus.alerts()
        print(f"{victim.name}: told after {time.time() - begun:.0f} s")
    else:
        time.sleep(QUIET)
    running = {one["name"]: one["running"] for one in demo.get("/processes")}
    assert running == {name: name != victim.name for name in processes}
    assert not unanswered(demo, without=victim.name)
    allowed = {DOWN, *victim.besides} if victim.told else set()
    assert {name for name, _ in told(demo, begun) - demo.always()} <= allowed

    assert demo.post(f"/processes/{victim.name}", {"run": True}).ok
    since = time.time()
    if victim.job:
        assert wait_until(lambda: up(demo, victim.job), 60), demo.prometheus.query("up")
    assert not unanswered(demo)
    if victim.name == "alertmanager":
        assert wait_until(lambda: "deadman" in {row["receiver"] for row in demo.get(f"/received?since={since}")}, 120)
    if victim.name == "prometheus":
        assert demo.prometheus.query("last_over_time(slo:events:sum1h[10m]) > 0"), "the past is gone"
    if victim.told:
        gone = (DOWN, victim.job)
        assert wait_until(lambda: gone in told(demo, since, "resolved"), 300, pause=2)


def told(demo: Demo, since: float, status: str = "firing") -> set[tuple[str, str]]:
    """Return alerts that reached a receiver, with their job."""
    rows = demo.received(since, status)
    return {(row["labels"]["alertname"], row["labels"].get("job", "")) for row in rows if row["at"] >= since}


def up(demo: Demo, job: str) -> bool:
    return any(value == 1 for _, value in demo.prometheus.query(f'up{{job="{job}",instance!="instance-1"}}'))


def unanswered(demo: Demo, without: str = "") -> list[str]:
    """Return those that run but do not answer."""
    paths = {"prometheus": "/-/ready", "alertmanager": "/-/ready", "simulator": "/healthy"}
    found = []
    for one in demo.get("/processes"):
        port = one["name"].removesuffix("-exporter")
        if one["name"] in {without, "redis"} or port not in NAMES:
            continue
        url = f"http://127.0.0.1:{demo.port(port)}{paths.get(port, '/-/ready')}"
        try:
            good = demo.session.get(url, timeout=20).ok
        except OSError:
            good = False
        if not good:
            found.append(one["name"])
    return found
