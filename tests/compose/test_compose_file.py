"""docker-compose.yml as both implementations of Compose read it, and what it may not do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from compose.files import PORTS
from lab.toolchain import ROOT

FILE = ROOT / "compose" / "docker-compose.yml"
FOLDER = FILE.parent
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+[\w.-]*")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]


def implementations() -> list[object]:
    """Return the commands of Compose v1 and v2; one that is not here is a skip that names itself."""
    found: list[object] = []
    for name, command in (("v1", ["docker-compose"]), ("v2", ["docker", "compose"])):
        there = shutil.which(command[0]) is not None
        there = there and subprocess.run([*command, "version"], capture_output=True, check=False).returncode == 0
        skip = () if there else pytest.mark.skip(reason=f"not available: {' '.join(command)}")
        found.append(pytest.param(command, id=name, marks=skip))
    return found


@pytest.mark.parametrize("command", implementations())
def test_compose_takes_the_file(command: list[str]) -> None:
    done = subprocess.run([*command, "-f", FILE, "config"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load(done.stdout)["services"].keys() == SERVICES.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_pinned_bounded_and_says_when_it_is_healthy(name: str) -> None:
    service = SERVICES[name]
    assert PINNED.fullmatch(service["image"]), service["image"]
    assert "mem_limit" in service
    assert service["healthcheck"]["test"][0] == "CMD"
    assert "privileged" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_published_but_on_the_loopback(name: str) -> None:
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_mounted_from_here_is_there_and_read_only(name: str) -> None:
    for mount in SERVICES[name].get("volumes", ()):
        source, _, flags = mount.partition(":")
        if source.startswith("."):
            assert (FOLDER / source).resolve().exists(), source
            assert flags.endswith(":ro"), mount


@pytest.mark.parametrize("name", SERVICES)
def test_whom_it_waits_for_has_to_be_healthy_first(name: str) -> None:
    needed = SERVICES[name].get("depends_on", {})
    assert needed.keys() <= SERVICES.keys()
    assert all(how == {"condition": "service_healthy"} for how in needed.values())


def test_configs_know_services_by_their_names_and_ports() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "configs").iterdir())
    hosts = set(re.findall(r"\b([a-z]+):(\d{4,5})\b", said)) - {("localhost", "9090")}
    assert {host for host, _ in hosts} <= SERVICES.keys()
    assert all(PORTS.get(host, 6379 if host == "redis" else 0) == int(port) for host, port in hosts), hosts


def test_the_image_has_everything_the_commands_name() -> None:
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    copied = {word for line in text.splitlines() if line.startswith("COPY") for word in line.split()[1:-1]}
    assert all((ROOT / name).exists() for name in copied)
    for command in (service["command"] for service in SERVICES.values() if service["image"].startswith("watchbill")):
        if command[1:2] == ["-m"]:
            assert (ROOT / Path(*command[2].split("."))).with_suffix(".py").exists() or (
                ROOT / Path(*command[2].split(".")) / "__main__.py"
            ).exists()


def test_what_the_image_copies_is_all_that_our_programs_need(tmp_path: Path) -> None:
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("COPY"):
            *sources, target = line.split()[1:]
            for source in sources:
                to = tmp_path / target if len(sources) == 1 and target != "./" else tmp_path / source
                to.parent.mkdir(parents=True, exist_ok=True)
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, to, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / source, to)
    ours = [service["command"] for service in SERVICES.values() if service["image"].startswith("watchbill")]
    modules = sorted({command[2] for command in ours if command[1:2] == ["-m"]} | {"watchbill_exporters.cli"})
    assert len(modules) >= 3
    path = os.pathsep.join(str(tmp_path / part) for part in (".", "generator", "exporters"))
    for module in modules:
        done = subprocess.run(
            [sys.executable, "-m", module, "--help"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
