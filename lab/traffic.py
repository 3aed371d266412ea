"""Requests to real services, good or failing, from the outside."""

import socket
import threading
import time
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import requests

from lab.services import Redis

SLOW_SECONDS = 1.3
SLOW_AT_ONCE = 4
PAUSE = 0.1


class Traffic:
    """Sends until it is left: ten rounds a second; `failing` makes requests bad or slow and commands err."""

    def __init__(self, urls: list[str], redis: Redis, *, failing: bool) -> None:
        self.urls, self.redis, self.failing = urls, redis, failing
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._commands)]
        self._threads += [threading.Thread(target=self._requests, args=(url,)) for url in urls]
        if failing:
            self._threads += [threading.Thread(target=self._slow_requests, args=(url,)) for url in urls]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _commands(self) -> None:
        """Err on `incr` alone: `get` stays good."""
        self.redis.say("DEL number", "RPUSH list 1", "SET text 1")
        while not self._over.wait(PAUSE):
            self.redis.say("INCR list" if self.failing else "INCR number", "GET text")

    def _requests(self, url: str) -> None:
        session = requests.Session()
        session.trust_env = False
        while not self._over.wait(PAUSE):
            session.get(f"{url}/api/v1/query", params={"query": "(" if self.failing else "1"}, timeout=10)

    def _slow_requests(self, url: str) -> None:
        while not self._over.is_set():
            _post_slowly(url)


def _post_slowly(url: str) -> None:
    """Let the server wait for the body: slow without any work for it."""
    address = urlsplit(url)
    head = f"POST /api/v1/query HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\n"
    connections = []
    for _ in range(SLOW_AT_ONCE):
        connection = socket.create_connection((str(address.hostname), int(address.port or 80)), timeout=10)
        connection.sendall(head.encode())
        connections.append(connection)
    time.sleep(SLOW_SECONDS)
    for connection in connections:
        connection.sendall(b"query=1")
        connection.recv(4096)
        connection.close()
