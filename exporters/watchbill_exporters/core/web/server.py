"""The server: aiohttp's, on several addresses, with certificates that can be exchanged while it runs."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

from aiohttp import web

from watchbill_exporters.core import log
from watchbill_exporters.core.errors import ConfigError, ExporterError
from watchbill_exporters.core.web.access import Access, load_access

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from watchbill_exporters.core.web.gateway import Gateway

IDLE_SECONDS = 75.0  # also the time for a request's headers to arrive
HANDSHAKE_SECONDS = 10.0
LINGER_SECONDS = 2.0
CONNECTIONS = 1024
BACKLOG = 128
_log = log.logger(__name__)


class AddressError(ExporterError):
    """A listen address is no address, or taken."""


def bind(address: str) -> list[socket.socket]:
    """Return listening sockets of `host:port`, `[v6]:port` or `:port` (all interfaces). Raises AddressError."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535 or (":" in host and not host.startswith("[")):
        raise AddressError(f"{address}: not an address; say host:port, [v6]:port or :port")
    try:
        if not host:
            return [_listening(_anywhere(int(port)))]
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return [_listening(_bound(family, where[:2])) for family, _, _, _, where in found]
    except OSError as error:
        raise AddressError(f"{address}: cannot listen: {error.strerror or error}") from None


def _anywhere(port: int) -> socket.socket:
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=BACKLOG)
    return socket.create_server(("", port), backlog=BACKLOG)


def _bound(family: int, where: Any) -> socket.socket:
    return socket.create_server(where, family=family, backlog=BACKLOG)


def _listening(sock: socket.socket) -> socket.socket:
    sock.setblocking(False)
    return sock


class _Full(asyncio.Protocol):
    """Hangs up: there are too many connections."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


class Server:
    """Serves a gateway on sockets that are already bound."""

    def __init__(
        self,
        gateway: Gateway,
        sockets: Sequence[socket.socket],
        web_config: Path | None = None,
        *,
        idle: float = IDLE_SECONDS,
        connections: int = CONNECTIONS,
    ) -> None:
        self.gateway, self.sockets, self.web_config = gateway, sockets, web_config
        self._connections = connections
        self._aio = web.Server(
            gateway,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=idle,
            lingering_time=LINGER_SECONDS,
        )
        self._listeners: list[asyncio.Server] = []
        self._stamps = self._stamp(gateway.access)

    def _protocol(self) -> asyncio.Protocol:
        return _Full() if len(self._aio.connections) >= self._connections else self._aio()

    async def listen(self) -> None:
        """Accept connections; called again, with another certificate: those under way go on, none is refused."""
        loop = asyncio.get_running_loop()
        context = self.gateway.access.context
        patience = HANDSHAKE_SECONDS if context is not None else None
        old, self._listeners = self._listeners, [
            await loop.create_server(self._protocol, sock=sock.dup(), ssl=context, ssl_handshake_timeout=patience)
            for sock in self.sockets
        ]  # fmt: skip
        for listener in old:
            listener.close()

    async def reload(self) -> None:
        """Take the web config from disk. Raises ConfigError and goes on under the old one when it is wrong."""
        self._stamps = self._stamp(self.gateway.access)
        access = await asyncio.get_running_loop().run_in_executor(None, load_access, self.web_config)
        self.gateway.use(access)
        self._stamps = self._stamp(access)
        await self.listen()

    async def watch(self, interval: float = 10.0) -> None:
        """Reload when a certificate or the web config is replaced: nobody sends SIGHUP when one is renewed."""
        while self.web_config is not None:
            await asyncio.sleep(interval)
            if self._stamp(self.gateway.access) == self._stamps:
                continue
            try:
                await self.reload()
                _log.info("web config taken")
            except ConfigError as error:
                _log.error("web config not taken, the old one stays", error=str(error))

    async def stop(self, grace: float) -> None:
        """Take no more connections, let requests under way end, then cut off the rest."""
        for listener in self._listeners:
            listener.close()
        for sock in self.sockets:
            sock.close()
        await self._aio.shutdown(grace)
        self.gateway.close()

    @staticmethod
    def _stamp(access: Access) -> tuple[tuple[int, int, int] | None, ...]:
        out: list[tuple[int, int, int] | None] = []
        for file in access.files:
            try:
                found = file.stat()
                out.append((found.st_mtime_ns, found.st_size, found.st_ino))
            except OSError:
                out.append(None)
        return tuple(out)
