"""The compose file on a real daemon: order, health, mounts, limits and wiring, with stand-ins for images."""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml

from lab.api import PrometheusApi
from lab.process import wait_until
from tests.compose.stand_ins import IMAGE, missing, override, root_tar
from tests.compose.test_compose_file import FILE, SERVICES
from tests.exporters.sandbox.back_ends import Docker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT = "watchbill-test"
STARTS_WITHIN = 420
URLS = {"prometheus": "http://127.0.0.1:9090", "control": "http://127.0.0.1:9462"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("containers of the stack"),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]


class Containers:
    """The services of the file, as the daemon sees them."""

    def __init__(self, docker: Docker, folder: Path) -> None:
        self._docker, self._override = docker, folder / "override.yml"
        self._override.write_text(yaml.safe_dump(override(SERVICES)), encoding="utf-8")

    def compose(self, *words: str) -> None:
        command = ["docker-compose", "-p", PROJECT, "-f", str(FILE), "-f", str(self._override), *words]
        environment = {**os.environ, "DOCKER_HOST": f"unix://{self._docker.socket}", "COMPOSE_HTTP_TIMEOUT": "300"}
        environment.pop("PYTHONPATH", None)  # docker-compose is a Python package called `compose` too
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, f"{done.stderr}\n{self.trouble()}"

    def seen(self) -> dict[str, dict[str, Any]]:
        """Return what the daemon says of each container, by service."""
        ids = self._docker("ps", "-aq").split()
        rows: list[dict[str, Any]] = json.loads(self._docker("inspect", *ids)) if ids else []
        return {row["Config"]["Labels"]["com.docker.compose.service"]: row for row in rows}

    def healthy(self) -> bool:
        seen = self.seen()
        return seen.keys() == SERVICES.keys() and all(
            row["State"].get("Health", {}).get("Status") == "healthy" for row in seen.values()
        )

    def trouble(self) -> str:
        """Return the last words of containers that are not healthy."""
        parts = []
        for name, row in self.seen().items():
            health = row["State"].get("Health", {})
            if health.get("Status") != "healthy":
                checks = [check["Output"][-300:] for check in health.get("Log", [])[-1:]]
                parts.append(f"{name}: {row['State']['Status']} {checks}\n{self._logs(row['Id'])}")
        return "\n".join(parts)

    def _logs(self, container: str) -> str:
        command = ["docker", "-H", f"unix://{self._docker.socket}", "logs", "--tail", "8", container]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def containers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Containers]:
    folder = tmp_path_factory.mktemp("containers")
    with Docker(folder / "docker") as docker:
        subprocess.run(
            ["docker", "-H", f"unix://{docker.socket}", "import", "-", IMAGE],
            input=root_tar(), capture_output=True, check=True, timeout=60,
        )  # fmt: skip
        stack = Containers(docker, folder)
        try:
            stack.compose("up", "--detach", "--no-build")
            assert wait_until(stack.healthy, STARTS_WITHIN, pause=2), stack.trouble()
            yield stack
        finally:
            stack.compose("down", "--volumes", "--timeout", "3")


def moment(text: str) -> datetime:
    """Return the time that the daemon writes, with nine digits or another zone."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d*", r"\1", text))


def test_each_starts_only_when_those_it_waits_for_are_healthy(containers: Containers) -> None:
    seen = containers.seen()
    for name, service in SERVICES.items():
        for needed in service.get("depends_on", {}):
            begun = moment(seen[name]["State"]["StartedAt"])
            assert moment(seen[needed]["State"]["StartedAt"]) < begun, (needed, name)


def test_limits_and_rights_are_those_of_the_file(containers: Containers) -> None:
    seen = containers.seen()
    assert all(row["HostConfig"]["Memory"] > 0 for row in seen.values())
    assert all("no-new-privileges:true" in row["HostConfig"]["SecurityOpt"] for row in seen.values())
    for name, service in SERVICES.items():
        assert seen[name]["HostConfig"]["ReadonlyRootfs"] is ("build" in service), name
        assert {
            binding["HostIp"] for bindings in seen[name]["HostConfig"]["PortBindings"].values() for binding in bindings
        } <= {"127.0.0.1"}


def test_what_is_generated_is_mounted_read_only(containers: Containers) -> None:
    binds = [m for row in containers.seen().values() for m in row["Mounts"] if m["Type"] == "bind"]
    assert {m["Destination"] for m in binds} >= {"/etc/prometheus/rules", "/etc/watchbill", "/site"}
    assert not [m["Destination"] for m in binds if m["RW"]]


def test_every_target_is_scraped_by_its_name(containers: Containers) -> None:
    server = PrometheusApi(URLS["prometheus"])
    jobs = {"agents", "sandbox", "queue", "scheduler", "backup", "gateway", "simulator", "prometheus", "alertmanager"}

    def up() -> set[str]:
        return {row["job"] for row, value in server.query("up") if value == 1}

    assert wait_until(lambda: up() == jobs, 90), up()
    assert len(server.rules()) > 100
    assert all(rule["health"] != "err" for rule in server.rules())


@pytest.mark.parametrize(
    "query",
    [
        "sum(agent_runs_total) > 0",
        'queue_workers{queue="runs"} == 1',
        "sum(sandbox_starts_total) > 0",
        'backup_up{target="off-site"} == 1',
        'store_newest_write_timestamp_seconds{store="checkpoints"} > 0',
    ],
)
def test_data_flows_through_all_of_it(containers: Containers, query: str) -> None:
    server = PrometheusApi(URLS["prometheus"])
    assert wait_until(lambda: server.query(query), 120, pause=2), containers.trouble()


def test_alerts_reach_the_webhook_and_faults_and_runbooks_are_served(containers: Containers) -> None:
    session = requests.Session()
    session.trust_env = False

    def received() -> set[str]:
        rows = session.get(f"{URLS['control']}/received?since=0", timeout=10).json()
        return {row["labels"]["alertname"] for row in rows}

    assert wait_until(lambda: "SupportAgentsWatchdog" in received(), 180, pause=2)
    assert session.post(f"{URLS['control']}/faults/tools-fail", json={"on": True}, timeout=10).json() == {"on": True}
    assert session.get(f"{URLS['control']}/runbooks/SupportAgentsTargetsDown.html", timeout=10).ok
