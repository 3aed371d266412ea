"""The demo runs the reference bundle: links and receivers change, nothing else does."""

from __future__ import annotations

import socket
import subprocess
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from compose.demo.configs import alertmanager, exporters, prometheus
from compose.demo.configs.links import link_bases, linked
from compose.demo.places import Places, PortsTakenError
from compose.files import FOLDER, files
from lab.ports import free_ports
from tests.bundle.specs import files_of, plan_of
from watchbill_exporters.core.config.resolve import settings

if TYPE_CHECKING:
    from lab.toolchain import Tool

PLACES = Places(29460, Path("/nowhere"))
BUNDLE = files_of("reference")
ROUTES = BUNDLE["alerts/alertmanager/alertmanager.yml"]


def test_of_the_rules_only_links_change() -> None:
    bases = link_bases(plan_of("reference").links, PLACES)
    back = {ours: there for there, ours in bases.items()}
    for path, text in BUNDLE.items():
        if path.startswith("alerts/rules/"):
            turned = linked(text, bases)
            assert linked(turned, back) == text
            assert all(there not in turned for there in bases)


def test_of_the_routes_only_receivers_and_working_hours_change() -> None:
    made: dict[str, Any] = yaml.safe_load(alertmanager.config(ROUTES, "http://127.0.0.1:9/hook"))
    given: dict[str, Any] = yaml.safe_load(ROUTES)
    changed = {"receivers", "time_intervals"}
    assert {k: v for k, v in made.items() if k not in changed} == {k: v for k, v in given.items() if k not in changed}
    assert [one["name"] for one in made["receivers"]] == [one["name"] for one in given["receivers"]]
    hooks = {one["webhook_configs"][0]["url"] for one in made["receivers"]}
    assert len(hooks) == len(made["receivers"])
    assert "http://127.0.0.1:9/hook/agents-tickets" in hooks


def test_amtool_takes_the_routes(amtool: Tool, tmp_path: Path) -> None:
    (tmp_path / "watchbill.tmpl").write_text(BUNDLE["alerts/alertmanager/watchbill.tmpl"])
    config = tmp_path / "alertmanager.yml"
    config.write_text(alertmanager.config(ROUTES, "http://127.0.0.1:9/hook"))
    done = subprocess.run([amtool.path, "check-config", config], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_promtool_takes_the_config_of_prometheus(promtool: Tool, tmp_path: Path) -> None:
    config = tmp_path / "prometheus.yml"
    config.write_text(prometheus.config(PLACES.address, "rules/*.yml", prometheus.EXPORTERS.values()))
    done = subprocess.run([promtool.path, "check", "config", config], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_jobs_are_those_of_the_bundle() -> None:
    config = yaml.safe_load(prometheus.config(PLACES.address, "", prometheus.EXPORTERS.values()))
    jobs = {job["job_name"] for job in config["scrape_configs"]}
    rules = "".join(text for path, text in BUNDLE.items() if path.startswith("alerts/rules/"))
    assert all(f'job="{job}"' in rules for job in ("agents", "queue", "gateway"))
    assert {"agents", "queue", "gateway", "prometheus"} <= jobs


def test_the_files_that_containers_mount_are_up_to_date() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert there == files(), "run `python -m compose.files`"


def test_ports_that_are_taken_are_named() -> None:
    base = free_ports(2)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base + 1))
        taken.listen()
        with pytest.raises(PortsTakenError, match=rf"{base + 1} \(alertmanager\)"):
            Places(base, Path()).check()


@pytest.mark.parametrize("name", ["agent", "sandbox"])
def test_exporters_take_their_configs(name: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("odd-token-3141\n")
    texts = {"agent": exporters.agent(tmp_path, token), "sandbox": exporters.sandbox(tmp_path)}
    config = tmp_path / f"{name}.yaml"
    config.write_text(texts[name])
    assert settings(import_module(f"watchbill_exporters.{name}").EXPORTER, config).feeds
