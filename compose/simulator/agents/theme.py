"""Runs arrive, each agent at its own rate."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import aiohttp

from compose.simulator.agents.calls import CACHED_CALLS, Models
from compose.simulator.agents.conduct import Conduct
from compose.simulator.agents.faults import faults
from compose.simulator.agents.run import Run
from compose.simulator.agents.telemetry import Telemetry
from compose.simulator.chance import Chance, diurnal
from compose.simulator.names import AGENTS
from compose.simulator.theme import Theme, arrivals

if TYPE_CHECKING:
    from compose.simulator.fault import Fault
    from compose.simulator.settings import Settings


class Agents(Theme):
    """The agents of the platform."""

    name = "agents"

    def __init__(self, settings: Settings) -> None:
        self._settings, self.conduct = settings, Conduct()

    def faults(self) -> tuple[Fault, ...]:
        return faults(self.conduct)

    async def run(self) -> None:
        telemetry = Telemetry(self._settings.exporter)
        try:
            async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
                for agent, rate in AGENTS.items():
                    group.create_task(self._agent(agent, rate, telemetry, session))
                group.create_task(self._loop(next(iter(AGENTS)), telemetry, session))
        finally:
            await asyncio.to_thread(telemetry.close)

    async def _loop(self, agent: str, telemetry: Telemetry, session: aiohttp.ClientSession) -> None:
        """Call a model over and over, while that is a fault; a tenth of a second's calls at a time."""
        models = Models(session, self._settings.gateway, self.conduct, Chance(self._settings.seed, "loop"))
        whose = {"gen_ai.agent.name": agent, "watchbill.graph.version": self.conduct.graph}
        while True:
            for _ in range(int(CACHED_CALLS / 10) if self.conduct.loops else 0):
                models.again(telemetry.tracer, whose)
            await asyncio.sleep(0.1)

    async def _agent(self, agent: str, rate: float, telemetry: Telemetry, session: aiohttp.ClientSession) -> None:
        chance = Chance(self._settings.seed, f"agent {agent}")
        models = Models(session, self._settings.gateway, self.conduct, chance)

        def per_second() -> float:
            hour = diurnal(time.time(), self._settings.diurnal)
            return rate * self.conduct.pace * self._settings.pace * hour

        await arrivals(per_second, chance, Run(agent, self.conduct, chance, telemetry.tracer, models))
