"""The agent exporter as a program of its own, to be killed and starved."""

from __future__ import annotations

import sys
from pathlib import Path

import requests

from lab.ports import free_port
from lab.process import Service
from tests.exporters.pages import values

ROOT = Path(__file__).parents[3]


class Program(Service):
    """Started again on the same port after each `kill`."""

    def __init__(self, config: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        address = self.url.removeprefix("http://")
        module = ["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "tests.exporters.agent"]
        command = [*module, "--config", str(config), "--web.listen-address", address]
        super().__init__(command, config.parent, "exporter")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def is_ready(self) -> bool:
        try:
            return requests.get(self.url + "/-/ready", timeout=1).ok
        except requests.RequestException:  # a busy machine answers late
            return False

    def page(self) -> str:
        return requests.get(self.url + "/metrics", timeout=30).text

    def total(self, name: str) -> float:
        """Return the sum of a family."""
        return sum(value for (found, _), value in values(self.page()).items() if found == name)
