"""Users open streams, agent by agent."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from compose.simulator.chance import Chance, diurnal
from compose.simulator.lines import Lines
from compose.simulator.names import AGENTS
from compose.simulator.settings import parted
from compose.simulator.streams.client import Client
from compose.simulator.streams.conduct import Conduct
from compose.simulator.streams.faults import faults
from compose.simulator.streams.server import Edge
from compose.simulator.theme import Theme, arrivals

if TYPE_CHECKING:
    from compose.simulator.fault import Fault
    from compose.simulator.settings import Settings


class Streams(Theme):
    """The edge of the platform and its users."""

    name = "streams"

    def __init__(self, settings: Settings) -> None:
        self._settings, self.conduct = settings, Conduct()

    def faults(self) -> tuple[Fault, ...]:
        return faults(self.conduct)

    async def run(self) -> None:
        log = Lines(self._settings.folder / "logs" / "edge.jsonl")
        edge = Edge(self.conduct, Chance(self._settings.seed, "edge"), log)
        app = web.Application()
        app.add_routes([web.get("/runs/{run}", edge.serve)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, *parted(self._settings.edge), reuse_address=True).start()
            async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
                for agent, rate in AGENTS.items():
                    group.create_task(self._users(agent, rate, session))
        finally:
            await runner.cleanup()
            log.close()

    async def _users(self, agent: str, rate: float, session: aiohttp.ClientSession) -> None:
        chance = Chance(self._settings.seed, f"users of {agent}")
        client = Client(session, self._settings.edge, agent, self.conduct, chance)

        def per_second() -> float:
            return rate * self.conduct.pace * self._settings.pace * diurnal(time.time(), self._settings.diurnal)

        await arrivals(per_second, chance, client)
