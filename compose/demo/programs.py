"""The programs of the demo, as children: what is run, where it listens, and when it is ready."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import yaml

from compose.demo.children import Child, accepts, answers
from compose.demo.places import HOST, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from compose.demo.places import Places
    from compose.demo.tools import Tools

PYTHON = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def prometheus(places: Places, tools: Tools, config: str) -> Child:
    folder = places.below("prometheus")
    file = _written(folder / "prometheus.yml", config)
    command = [
        str(tools.prometheus.path), f"--config.file={file}", f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=100d", f"--web.listen-address={places.address('prometheus')}",
        "--web.enable-lifecycle", "--enable-feature=exemplar-storage", "--rules.alert.resend-delay=10s",
    ]  # fmt: skip
    return _child(places, "prometheus", command, f"{places.url('prometheus')}/-/ready")


def alertmanager(places: Places, tools: Tools, config: str) -> Child:
    folder = places.below("alertmanager")
    file = _written(folder / "alertmanager.yml", config)
    command = [
        str(tools.alertmanager.path), f"--config.file={file}", f"--storage.path={folder / 'data'}",
        f"--web.listen-address={places.address('alertmanager')}", "--cluster.listen-address=",
    ]  # fmt: skip
    return _child(places, "alertmanager", command, f"{places.url('alertmanager')}/-/ready")


def exporter(places: Places, name: str, config: str) -> Child:
    """One of ours, by its command."""
    file = _written(places.below("configs") / f"{name}.yaml", config)
    command = [
        sys.executable, "-c", "from watchbill_exporters.cli import main; main()", name, f"--config={file}",
        f"--web.listen-address={places.address(name)}",
    ]  # fmt: skip
    return _child(places, f"{name}-exporter", command, f"{places.url(name)}/-/ready")


def simulator(places: Places, settings: dict[str, object]) -> Child:
    file = _written(places.below("configs") / "simulator.yaml", yaml.safe_dump(settings, sort_keys=False))
    command = [sys.executable, "-m", "compose.simulator", "--config", str(file)]
    return _child(places, "simulator", command, f"{places.url('simulator')}/healthy")


def redis(places: Places, program: str) -> Child:
    folder, address = places.below("redis"), (HOST, places.port("redis"))
    command = [program, "--port", str(address[1]), "--bind", HOST, "--dir", str(folder), "--save", ""]
    return Child("redis", command, places.below("logs") / "redis.log", accepts(address), last="KILL")


def _child(places: Places, name: str, command: list[str], ready: str) -> Child:
    return Child(name, command, places.below("logs") / f"{name}.log", answers(ready), PYTHON)


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
