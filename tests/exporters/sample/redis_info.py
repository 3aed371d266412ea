"""Reads Redis INFO: section, client, snapshot, families; in one file because it is so little."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from watchbill_exporters.core.errors import Reason, ScrapeError
from watchbill_exporters.core.families import counter, gauge
from watchbill_exporters.core.fields import SecretField, TargetSection

if TYPE_CHECKING:
    from collections.abc import Iterable
    from io import BufferedRWPair

    from prometheus_client import Metric

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.secret import Secret


class RedisInfoSection(TargetSection):
    kind: Literal["redis"]
    host: str = "127.0.0.1"
    port: int = 6379
    password: SecretField | None = None


@dataclass(frozen=True)
class RedisInfoConfig:
    host: str
    port: int
    password: Secret | None = None


@dataclass(frozen=True)
class RedisInfo:
    clients: int
    commands: int
    last_save: int


class RedisInfoClient:
    def __init__(self, config: RedisInfoConfig) -> None:
        self.config = config

    def read(self, deadline: Deadline) -> RedisInfo:
        address = (self.config.host, self.config.port)
        with socket.create_connection(address, timeout=deadline.left()) as connection:
            stream = connection.makefile("rwb")
            connection.settimeout(deadline.left())
            if self.config.password is not None:
                _ask(stream, "AUTH", self.config.password.reveal())
            connection.settimeout(deadline.left())
            return parse(_ask(stream, "INFO"))

    def close(self) -> None:
        """Nothing is kept open."""


def _ask(stream: BufferedRWPair, *words: str) -> str:
    parts = [f"*{len(words)}\r\n", *(f"${len(word.encode())}\r\n{word}\r\n" for word in words)]
    stream.write("".join(parts).encode())
    stream.flush()
    head = stream.readline().decode()
    if head.startswith(("-NOAUTH", "-WRONGPASS", "-ERR AUTH")):
        raise ScrapeError(Reason.AUTH, head.strip())
    if head.startswith("$"):
        return stream.read(int(head[1:]) + 2).decode()
    if not head.startswith("+"):
        raise ScrapeError(Reason.PARSE if head else Reason.CONNECT, f"unexpected answer {head[:40]!r}")
    return head


def parse(text: str) -> RedisInfo:
    rows = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return RedisInfo(
        clients=int(rows["connected_clients"]),
        commands=int(rows["total_commands_processed"]),
        last_save=int(rows["rdb_last_save_time"]),
    )


@dataclass(frozen=True)
class RedisInfoSource:
    kind: str = "redis"
    section: type[RedisInfoSection] = RedisInfoSection

    def resolve(self, section: RedisInfoSection, resolver: Resolver) -> RedisInfoConfig:
        password = resolver.secret(section.password, "password") if section.password is not None else None
        return RedisInfoConfig(section.host, section.port, password)

    def connect(self, config: RedisInfoConfig) -> RedisInfoClient:
        return RedisInfoClient(config)

    def describe(self) -> Iterable[Metric]:
        yield gauge("sample_clients", "Connected clients.")
        yield counter("sample_commands_total", "Commands processed.")
        yield gauge("sample_last_save_timestamp_seconds", "Time of the last save to disk.")

    def families(self, snapshot: RedisInfo) -> Iterable[Metric]:
        yield gauge("sample_clients", "Connected clients.", [({}, snapshot.clients)])
        yield counter("sample_commands_total", "Commands processed.", [({}, snapshot.commands)])
        yield gauge("sample_last_save_timestamp_seconds", "Time of the last save to disk.", [({}, snapshot.last_save)])


REDIS_INFO = RedisInfoSource()
