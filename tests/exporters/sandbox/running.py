"""The sandbox exporter in the test's own process, and as a program of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import requests
import yaml

from lab.ports import free_port
from lab.process import Service, wait_until
from tests.exporters.pages import values
from tests.exporters.running import Exporting
from watchbill_exporters.sandbox import exporter

if TYPE_CHECKING:
    from pathlib import Path

RULES = {"rules": [{"pool": "default", "image": "*sandbox-*"}, {"pool": "default", "path": "/default/"}]}


def config(folder: Path, **sections: Any) -> Path:
    file = folder / "sandbox.yaml"
    file.write_text(yaml.safe_dump({"pools": RULES, **sections}), encoding="utf-8")
    return file


def exporting(folder: Path, **sections: Any) -> Exporting:
    return Exporting(exporter(), config(folder, **sections))


def total(page: str, name: str, **labels: str) -> float | None:
    """Return the sum of the series that have these labels; None when there are none."""
    found = [v for (n, own), v in values(page).items() if n == name and labels.items() <= dict(own).items()]
    return sum(found) if found else None


class Program(Service):
    """Started again on the same port after each `kill`."""

    def __init__(self, folder: Path, **sections: Any) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        address = f"--web.listen-address={self.url.removeprefix('http://')}"
        main = "from watchbill_exporters.cli import main; main()"
        command = [sys.executable, "-c", main, "sandbox", "--config", str(config(folder, **sections)), address]
        super().__init__(command, folder, "exporter")

    def is_ready(self) -> bool:
        try:
            return requests.get(self.url + "/-/ready", timeout=1).ok
        except requests.RequestException:  # a busy machine answers late
            return False

    def save(self) -> None:
        """Wait until a state is on disk that was begun after this call."""
        name = "sandbox_exporter_state_writes_total"
        before = total(self.page(), name, result="ok") or 0
        assert wait_until(lambda: (total(self.page(), name, result="ok") or 0) >= before + 2, 60)

    def page(self) -> str:
        return requests.get(self.url + "/metrics", timeout=30).text
