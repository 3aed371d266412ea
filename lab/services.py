"""Real services to watch: Redis, Debian's exporter for it, and an Alertmanager."""

import json
import shutil
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import requests

from lab.ports import free_port
from lab.process import Service

NEEDED = ("redis-server", "prometheus-redis-exporter")
NOBODY = json.dumps({"route": {"receiver": "nobody"}, "receivers": [{"name": "nobody"}]})
EXPORTER_TIMEOUT = "700ms"


def absent() -> list[str]:
    """Return what this machine lacks."""
    return [name for name in NEEDED if shutil.which(name) is None]


class Redis(Service):
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        flags = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        super().__init__(["redis-server", *flags], folder, "redis")

    def is_ready(self) -> bool:
        return self.say("PING") == ["+PONG"]

    def say(self, *commands: str) -> list[str]:
        """Return one line of reply for each command; nothing where nobody answers."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall("".join(f"{command}\r\n" for command in commands).encode())
                reader = connection.makefile("r", encoding="utf-8", newline="\r\n")
                return [reader.readline().rstrip() for _ in commands]
        except OSError:
            return []


class HttpService(Service):
    """A service with an HTTP face."""

    ready_path = "/"

    def __init__(self, command: list[str], folder: Path, name: str, address: str) -> None:
        super().__init__(command, folder, name)
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False

    def is_ready(self) -> bool:
        try:
            return self.session.get(f"http://{self.address}{self.ready_path}", timeout=2).ok
        except requests.RequestException:
            return False


class RedisExporter(HttpService):
    def __init__(self, folder: Path, redis: Redis) -> None:
        address = f"127.0.0.1:{free_port()}"
        where = ["-redis.addr", f"redis://127.0.0.1:{redis.port}", "-connection-timeout", EXPORTER_TIMEOUT]
        command = ["prometheus-redis-exporter", *where, "-web.listen-address", address]
        super().__init__(command, folder, "exporter", address)


class Alertmanager(HttpService):
    ready_path = "/-/ready"

    def __init__(self, binary: Path, folder: Path, files: Mapping[str, str] | None = None) -> None:
        """`files`: alertmanager.yml and what it names; without them it knows nobody to tell."""
        address = f"127.0.0.1:{free_port()}"
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "alertmanager.yml"
        for name, text in (files or {config.name: NOBODY}).items():
            (folder / name).write_text(text, encoding="utf-8")
        command = [str(binary), f"--config.file={config}", f"--storage.path={folder / 'data'}"]
        flags = [f"--web.listen-address={address}", "--cluster.listen-address="]
        super().__init__([*command, *flags], folder, "alertmanager", address)

    def alerts(self) -> list[dict[str, Any]]:
        """Return the alerts that are active there."""
        found: list[dict[str, Any]] = self.session.get(f"http://{self.address}/api/v2/alerts", timeout=5).json()
        return found

    def fire(self, sets: Iterable[Mapping[str, str]]) -> None:
        """Tell it of alerts, as Prometheus does."""
        alerts = [{"labels": dict(labels), "annotations": {"summary": "x"}} for labels in sets]
        answer = self.session.post(f"http://{self.address}/api/v2/alerts", json=alerts, timeout=10)
        if not answer.ok:
            raise RuntimeError(f"could not tell of alerts: {answer.text}")
