"""A real Redis on a port of its own."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from tests.lab.process import Service
from tests.lab.prometheus import free_port

if TYPE_CHECKING:
    from pathlib import Path


class Redis(Service):
    def __init__(self, folder: Path, *flags: str) -> None:
        self.port = free_port()
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        super().__init__([*command, *flags], folder, f"redis-{self.port}")

    def is_ready(self) -> bool:
        try:
            return self.ask("PING").startswith(("+PONG", "-NOAUTH"))
        except OSError:
            return False

    def ask(self, line: str) -> str:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(f"{line}\r\n".encode())
            return connection.recv(4096).decode()
