"""Runs an exporter as a process of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import requests

from lab.ports import free_port
from lab.process import Service
from lab.toolchain import ROOT

if TYPE_CHECKING:
    from pathlib import Path


SAMPLE = ROOT / "tests/exporters/sample/__main__.py"


class Program(Service):
    def __init__(self, folder: Path, config: Path, *flags: str) -> None:
        self.port = free_port()
        address = f"--web.listen-address=127.0.0.1:{self.port}"
        command = [sys.executable, str(SAMPLE), "--config", str(config), address, *flags]
        super().__init__(command, folder, "exporter")
        self.config = config

    def is_ready(self) -> bool:
        try:
            return requests.get(self.url + "/-/ready", timeout=2).ok
        except requests.RequestException:
            return False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str = "/metrics", **options: Any) -> requests.Response:
        return requests.get(self.url + path, timeout=30, **options)

    def log(self) -> str:
        return (self.folder / "exporter.log").read_text(encoding="utf-8")
