"""Where everything is: ports on the loopback, and folders below one temporary folder."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "prometheus",
    "alertmanager",
    "control",
    "agent",
    "sandbox",
    "queue",
    "backup",
    "simulator",
    "gateway",
    "edge",
    "redis",
)


class PortsTakenError(Exception):
    """Some of the ports are in use."""


@dataclass(frozen=True)
class Places:
    """`base` is the first port; each name has the next one, so that URLs stay the same from run to run."""

    base: int
    folder: Path

    def port(self, name: str) -> int:
        return self.base + NAMES.index(name)

    def address(self, name: str) -> str:
        return f"{HOST}:{self.port(name)}"

    def url(self, name: str) -> str:
        return f"http://{self.address(name)}"

    def below(self, *parts: str) -> Path:
        """Return a folder, made when it is not there."""
        path = self.folder.joinpath(*parts)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def check(self) -> None:
        """Raise PortsTakenError when somebody else listens there."""
        taken = [f"{self.port(name)} ({name})" for name in NAMES if _is_taken(self.port(name))]
        if taken:
            raise PortsTakenError(f"ports in use: {', '.join(taken)}; choose others with --port-base")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
        return False
