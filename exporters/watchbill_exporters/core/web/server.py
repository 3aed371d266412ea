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

IDLE_SECONDS = 75.0  # between requests, and for the headers of a later request; longer than scrapes are apart
HEADER_SECONDS = 10.0  # for the headers of the first request
HANDSHAKE_SECONDS = 10.0
LINGER_SECONDS = 2.0
CONNECTIONS = 1024
BACKLOG = 128
PAUSE_SECONDS = 0.5
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


class Server:
    """Serves a gateway on sockets that are already bound.

    It accepts by itself, so that each connection gets the certificate of the moment and connections that are still
    shaking hands count too; all HTTP is aiohttp's.
    """

    def __init__(
        self,
        gateway: Gateway,
        sockets: Sequence[socket.socket],
        web_config: Path | None = None,
        *,
        idle: float = IDLE_SECONDS,
        patience: float = HEADER_SECONDS,
        connections: int = CONNECTIONS,
    ) -> None:
        self.gateway, self.sockets, self.web_config = gateway, sockets, web_config
        self._most, self._patience = connections, patience
        self._aio = web.Server(
            self._arrived,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=idle,
            lingering_time=LINGER_SECONDS,
        )
        self._accepting: list[asyncio.Task[None]] = []
        self._greeting: set[asyncio.Task[None]] = set()
        self._silent: dict[object, asyncio.TimerHandle] = {}
        self._stamps = self._stamp(gateway.access)

    def listen(self) -> None:
        """Begin to accept connections."""
        loop = asyncio.get_running_loop()
        self._accepting = [loop.create_task(self._accept(sock)) for sock in self.sockets]

    async def _accept(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(sock)
            except OSError as error:  # no file descriptors left; connections wait in the backlog
                _log.error("cannot accept a connection", error=str(error))
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if len(self._aio.connections) + len(self._greeting) >= self._most:
                connection.close()
                continue
            task = loop.create_task(self._greet(connection))
            self._greeting.add(task)
            task.add_done_callback(self._greeting.discard)

    async def _greet(self, connection: socket.socket) -> None:
        context = self.gateway.access.context
        patience = HANDSHAKE_SECONDS if context is not None else None
        loop = asyncio.get_running_loop()
        try:
            _, protocol = await loop.connect_accepted_socket(
                self._aio, connection, ssl=context, ssl_handshake_timeout=patience, ssl_shutdown_timeout=patience
            )
        except OSError as error:  # ssl.SSLError and TimeoutError are OSErrors
            _log.debug("no connection", error=str(error))
            connection.close()
        else:
            self._silent[protocol] = loop.call_later(self._patience, self._give_up, protocol)

    def _give_up(self, protocol: web.RequestHandler) -> None:
        self._silent.pop(protocol, None)
        protocol.force_close()

    async def _arrived(self, request: web.BaseRequest) -> web.StreamResponse:
        if (timer := self._silent.pop(request.protocol, None)) is not None:
            timer.cancel()
        return await self.gateway(request)

    async def reload(self) -> None:
        """Take the web config from disk. Raises ConfigError and goes on under the old one when it is wrong."""
        known = self.gateway.access.files
        self._stamps = self._stamp(self.gateway.access)  # before they are read: one replaced meanwhile is noticed
        access = await asyncio.get_running_loop().run_in_executor(None, load_access, self.web_config)
        self.gateway.use(access)
        if access.files != known:
            self._stamps = self._stamp(access)

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
        for task in (*self._accepting, *self._greeting):
            task.cancel()
        await asyncio.gather(*self._accepting, *self._greeting, return_exceptions=True)
        for sock in self.sockets:
            sock.close()
        self._aio.pre_shutdown()  # idle connections close now
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
