"""Serves until SIGTERM or SIGINT; SIGHUP reloads."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from watchbill_exporters.core import log
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.web.access import load_access
from watchbill_exporters.core.web.gateway import Gateway
from watchbill_exporters.core.web.server import Server, bind
from watchbill_exporters.core.web.site import Site

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence
    from pathlib import Path

    from watchbill_exporters.core.runtime import Runtime

GRACE_SECONDS = 20.0
LAST_SECONDS = 10.0
FORCED = 1
_log = log.logger(__name__)


def serve(
    runtime: Runtime, addresses: Sequence[str], web_config: Path | None = None, grace: float = GRACE_SECONDS
) -> None:
    """Serve until told to end. Raises ConfigError and AddressError before anything is served."""
    access = load_access(web_config)
    sockets = [sock for address in addresses for sock in bind(address)]
    gateway = Gateway(Site(runtime), runtime.own, access)
    asyncio.run(_serve(runtime, gateway, sockets, web_config, grace))


async def _serve(
    runtime: Runtime, gateway: Gateway, sockets: Sequence[socket.socket], web_config: Path | None, grace: float
) -> None:
    loop = asyncio.get_running_loop()
    server = Server(gateway, sockets, web_config)
    ended = asyncio.Event()
    reloads: set[asyncio.Task[None]] = set()

    def reload() -> None:
        task = loop.create_task(_reload(runtime, server))
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    loop.add_signal_handler(signal.SIGHUP, reload)

    def end() -> None:
        if ended.is_set():
            os._exit(FORCED)  # asked twice
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    server.listen()
    watcher = loop.create_task(server.watch())
    where = ", ".join(_shown(sock.getsockname()) for sock in server.sockets)
    _log.info("listening", address=where, tls=server.gateway.access.context is not None, exporter=runtime.exporter.name)
    await ended.wait()
    _log.info("ending", grace_seconds=grace)
    watcher.cancel()
    _exit_after(grace + LAST_SECONDS)
    await server.stop(grace)
    await loop.run_in_executor(None, runtime.close)
    _log.info("ended")


async def _reload(runtime: Runtime, server: Server) -> None:
    loop = asyncio.get_running_loop()
    with suppress(Exception):  # logged and counted by the runtime
        await loop.run_in_executor(None, runtime.reload)
    try:
        await server.reload()
    except ConfigError as error:
        _log.error("web config not taken, the old one stays", error=str(error))


def _exit_after(seconds: float) -> None:
    """Exit even when a source's thread never ends: Python would wait for it."""

    def force() -> None:
        _log.error("ending by force", waited_seconds=seconds)
        os._exit(FORCED)

    timer = threading.Timer(seconds, force)
    timer.daemon = True
    timer.start()


def _shown(name: tuple[str, int]) -> str:
    return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"
