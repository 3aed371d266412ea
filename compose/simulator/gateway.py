"""The platform's model gateway, and the prober that asks whether it answers."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from compose.simulator.books import Books
from compose.simulator.fault import changing
from compose.simulator.settings import parted
from compose.simulator.theme import Theme

if TYPE_CHECKING:
    from compose.simulator.fault import Fault
    from compose.simulator.settings import Settings

LONGEST = 60.0
PROBE_SECONDS = 8.0
DOWN = ("GatewayUpBudgetBurnFast", "RunSuccessBudgetBurnFast", "ConversationBudgetBurnFast")
DRIFT = ("ModelSpendSourcesDrift",)


@dataclass
class Conduct:
    """How it behaves at the moment; faults change it."""

    answers: bool = True


def faults(conduct: Conduct, books: Books) -> tuple[Fault, ...]:
    return (
        changing(
            conduct, "gateway-down", "The model gateway does not answer: its port is closed.", DOWN, answers=False
        ),
        changing(books, "gateway-miscounts", "The gateway books each call three times.", DRIFT, times=3.0),
    )


class Gateway(Theme):
    """Answers calls of models after the time they say; while it is down its port is closed."""

    name = "gateway"

    def __init__(self, settings: Settings) -> None:
        self._address = parted(settings.gateway)
        self.conduct = Conduct()
        self.books = Books()
        self.pages = {"/probe": self.books.page}

    def faults(self) -> tuple[Fault, ...]:
        return faults(self.conduct, self.books)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        asked: dict[str, Any] = await request.json()
        await asyncio.sleep(min(float(asked["wait"]), LONGEST))
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"Certainly. ")
        await answer.write(b"That is done.")
        await answer.write_eof()
        self.books.add(**asked["usage"])
        return answer

    async def run(self) -> None:
        app = web.Application()
        app.add_routes([web.post("/v1/chat", self._chat), web.get("/healthy", _healthy)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site: web.TCPSite | None = None
        try:
            while True:
                if self.conduct.answers and site is None:
                    site = web.TCPSite(runner, *self._address, reuse_address=True)
                    await site.start()
                elif not self.conduct.answers and site is not None:
                    await site.stop()
                    for connection in list(runner.server.connections if runner.server else ()):
                        connection.close()  # kept-alive connections would go on being served
                    site = None
                await asyncio.sleep(0.2)
        finally:
            await runner.cleanup()


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok")


async def probe(gateway: str) -> str:
    """Ask the gateway once; return the page of a prober, with the names of blackbox_exporter."""
    begun = time.monotonic()
    try:
        timeout = aiohttp.ClientTimeout(total=PROBE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"http://{gateway}/healthy") as got:
            good = got.status == 200
    except (aiohttp.ClientError, TimeoutError):
        good = False
    return (
        "# HELP probe_success Whether the probe was a success.\n# TYPE probe_success gauge\n"
        f"probe_success {int(good)}\n"
        "# HELP probe_duration_seconds How long the probe took.\n# TYPE probe_duration_seconds gauge\n"
        f"probe_duration_seconds {time.monotonic() - begun:.6f}\n"
    )
