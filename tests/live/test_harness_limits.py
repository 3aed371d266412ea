"""A real Alertmanager, the generated routes and file, the service as a process, and the client of the recipe."""

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from lab.ports import free_port
from lab.process import Service, wait_until
from lab.services import Alertmanager
from lab.toolchain import ROOT, Tool
from tests.exporters.limits.world import READER, TOKEN, config, stamp
from tests.exporters.pages import values
from tests.limits import labels, limited
from watchbill.targets import routes

RECIPE = ROOT / "docs/recipes/harness-limits.md"
PATIENCE = 30


class Program(Service):
    """`watchbill-exporter limits`; started again on the same port after a kill."""

    def __init__(self, folder: Path, own: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        binary = str(Path(sys.executable).parent / "watchbill-exporter")
        address = self.url.removeprefix("http://")
        super().__init__([binary, "limits", "--config", str(own), "--web.listen-address", address], folder, "limits")

    def is_ready(self) -> bool:
        try:
            return requests.get(self.url + "/-/ready", timeout=1).ok
        except requests.RequestException:  # a busy machine answers late
            return False

    def actions(self, agent: str = "support") -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self.url}/limits/{agent}", timeout=30).json()["actions"]
        return found

    def total(self, name: str) -> float:
        page = requests.get(self.url + "/metrics", timeout=30).text
        return sum(found for (key, _), found in values(page).items() if key == f"agent_harness_{name}")


@dataclass
class Chain:
    alertmanager: Alertmanager
    limits: Program
    began: float = field(default_factory=lambda: time.time() - 30)

    def push(self, limit: str, *, ended: bool = False, **groups: str) -> None:
        """Tell Alertmanager of an alert, as Prometheus does: it ends at a time to come, or has ended."""
        ends = time.time() - 1 if ended else time.time() + 300
        alert = {"labels": labels(limit, **groups), "startsAt": stamp(self.began), "endsAt": stamp(ends)}
        answer = self.alertmanager.session.post(
            f"http://{self.alertmanager.address}/api/v2/alerts", json=[alert], timeout=10
        )
        assert answer.ok, answer.text


@pytest.fixture
def chain(alertmanager: Tool, tmp_path: Path) -> Iterator[Chain]:
    limits = Program(tmp_path, config(tmp_path))
    token = {"authorization": {"credentials_file": str(tmp_path / "token")}}
    hook = {"webhook": {"url": f"{limits.url}/alerts", "http_config": token}}
    people = {"webhook": {"url": "http://127.0.0.1:9/nobody"}}
    plan = limited(page=people, ticket=people, info=people, limits=hook)
    files = {path.rsplit("/", 1)[1]: text for path, text in routes.render(plan)}
    # as generated, but that nobody has time to wait half a minute for what comes after the first
    files["alertmanager.yml"] = files["alertmanager.yml"].replace("group_interval: 30s", "group_interval: 2s")
    files["alertmanager.yml"] = files["alertmanager.yml"].replace("group_wait: 5s", "group_wait: 1s")
    with limits, Alertmanager(alertmanager.path, tmp_path / "alertmanager", files) as server:
        yield Chain(server, limits)


@pytest.mark.timeout(180)
def test_an_alert_becomes_a_limit_that_survives_a_kill_and_ends_with_the_alert(chain: Chain) -> None:
    assert chain.limits.actions() == {}
    chain.push("spend-pace", agent="support")
    began = time.monotonic()
    assert wait_until(chain.limits.actions, PATIENCE, 0.05), chain.limits.log_tail()
    print(f"the limit held {time.monotonic() - began:.1f} s after the alert (group_wait 1 s)")
    assert chain.limits.actions() == {"tool_calls_per_run": 25, "min_pause_seconds": 0.5}
    assert chain.limits.actions("sales") == {}

    chain.limits.kill()
    chain.limits.start()
    assert chain.limits.actions() == {"tool_calls_per_run": 25, "min_pause_seconds": 0.5}

    chain.push("spend-all")
    assert wait_until(lambda: chain.limits.actions("sales"), PATIENCE)
    assert chain.limits.actions()["pause_schedules"] is True

    chain.push("spend-pace", agent="support", ended=True)
    assert wait_until(lambda: "tool_calls_per_run" not in chain.limits.actions(), PATIENCE), chain.limits.log_tail()
    assert chain.limits.actions() == {"pause_schedules": True, "route_model": "tiny"}
    assert chain.limits.total("limits_lifted_total") == 1
    assert chain.limits.total("alerts_refused_total") == 0
    assert chain.limits.total("webhook_faults_total") == 0


@pytest.mark.timeout(180)
def test_what_ends_while_the_service_is_away_is_told_again(chain: Chain) -> None:
    chain.push("spend-pace", agent="support")
    assert wait_until(chain.limits.actions, PATIENCE)
    chain.limits.kill()
    chain.push("spend-pace", agent="support", ended=True)
    time.sleep(3)
    chain.limits.start()
    # Alertmanager's next try may come before any question of ours: that the limit was still held is told by its lifting
    assert wait_until(lambda: not chain.limits.actions(), PATIENCE), chain.limits.log_tail()
    assert chain.limits.total("limits_lifted_total") == 1


def client() -> Any:
    [code] = re.findall(r"```python\n(.*?)```", RECIPE.read_text("utf-8"), re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 40
    found: dict[str, Any] = {}
    exec(compile(code, str(RECIPE), "exec"), found)  # noqa: S102 - the recipe's own code
    return found["Limits"]


@pytest.mark.timeout(120)
def test_the_client_of_the_recipe_holds_on_to_its_answer_until_it_expires(tmp_path: Path) -> None:
    (tmp_path / "reader").write_text(READER)
    asked_for = {"reader_token_file": "reader"}
    with Program(tmp_path, config(tmp_path, **asked_for)) as program:
        now = time.time()
        limits = client()(program.url, "support", READER, every=0.0, clock=lambda: now)
        assert limits.get("tool_calls_per_run", 100) == 100
        alert = {
            "status": "firing", "labels": labels("spend-pace", agent="support"), "startsAt": "2026-01-01T00:00:00Z"
        }  # fmt: skip
        told = {"version": "4", "alerts": [alert]}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert requests.post(f"{program.url}/alerts", json=told, headers=headers, timeout=5).ok
        assert limits.get("tool_calls_per_run", 100) == 25
        assert limits.get("tool_calls_per_run", 100) == 25
        assert program.total("queries_total") == 3
        until = limits.until
        assert 590 < until - now <= 600

        program.kill()
        now = until - 1
        assert limits.get("tool_calls_per_run", 100) == 25
        now = until + 1
        assert limits.get("tool_calls_per_run", 100) == 100

        now = time.time()
        program.start()
        assert limits.get("tool_calls_per_run", 100) == 25
        refused = client()(program.url, "support", "wrong", every=0.0)
        assert refused.get("tool_calls_per_run", 100) == 100
