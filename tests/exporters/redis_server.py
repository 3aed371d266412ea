"""A real Redis on a port of its own."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lab.ports import free_port
from lab.process import Service, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ESTABLISHED = "01"  # Linux, include/net/tcp_states.h


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

    def clients(self) -> int:
        """Return how many are connected, whatever the server does: the kernel knows."""
        rows = [row.split() for row in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
        return sum(row[2].endswith(f":{self.port:04X}") and row[3] == ESTABLISHED for row in rows)

    @contextmanager
    def once_asked(self, then: Callable[[], object]) -> Iterator[None]:
        """Do something as soon as somebody connects; the block ends after that."""
        before = self.clients()

        def wait() -> None:
            if wait_until(lambda: self.clients() > before, 30, 0.005):
                then()

        waiting = threading.Thread(target=wait)
        waiting.start()
        try:
            yield
        finally:
            waiting.join()
