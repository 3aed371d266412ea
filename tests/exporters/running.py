"""Runs an exporter in the test's own process, on a real socket."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Self

import requests

from watchbill_exporters.core.runtime import Runtime
from watchbill_exporters.core.web.access import load_access
from watchbill_exporters.core.web.gateway import Gateway
from watchbill_exporters.core.web.server import Server, bind
from watchbill_exporters.core.web.site import Site

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from watchbill_exporters.core.clock import Clock
    from watchbill_exporters.core.contract import Exporter

OPENMETRICS = {"Accept": "application/openmetrics-text; version=1.0.0"}


class Exporting:
    """An exporter that serves on the loopback until the `with` block ends."""

    def __init__(
        self,
        exporter: Exporter,
        config: Path,
        web_config: Path | None = None,
        *,
        clock: Clock | None = None,
        process: bool = False,
        grace: float = 3.0,
        send_seconds: float = 60.0,
        **server: Any,
    ) -> None:
        self.runtime = Runtime(exporter, config, clock=clock, process=process)
        self._access, self._web_config, self._options, self._grace = load_access(web_config), web_config, server, grace
        self._send_seconds = send_seconds
        self._sockets = bind("127.0.0.1:0")
        self.port = int(self._sockets[0].getsockname()[1])
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="exporting")

    @property
    def url(self) -> str:
        return f"{'https' if self._access.context else 'http'}://127.0.0.1:{self.port}"

    def get(self, path: str = "/metrics", **options: Any) -> requests.Response:
        return requests.get(self.url + path, timeout=30, **options)

    def post(self, path: str, data: bytes = b"", **options: Any) -> requests.Response:
        return requests.post(self.url + path, data, timeout=30, **options)

    def reload_web(self) -> None:
        asyncio.run_coroutine_threadsafe(self.server.reload(), self._loop).result(10)

    def watch_web(self, interval: float) -> None:
        self._watching = asyncio.run_coroutine_threadsafe(self.server.watch(interval), self._loop)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        gateway = Gateway(Site(self.runtime), self.runtime.own, self._access, self._send_seconds)
        self.server = Server(gateway, self._sockets, self._web_config, **self._options)
        self.server.listen()
        self._ready.set()
        await self._stop.wait()
        await self.server.stop(self._grace)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        self.runtime.close()
