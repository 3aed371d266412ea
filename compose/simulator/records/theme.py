"""Quality, reports and releases, together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

from compose.simulator.chance import Chance
from compose.simulator.records.conduct import Conduct
from compose.simulator.records.faults import faults
from compose.simulator.records.judges import Judges
from compose.simulator.records.release import Release
from compose.simulator.records.reports import Reports
from compose.simulator.theme import Theme, arrivals

if TYPE_CHECKING:
    from compose.simulator.fault import Fault
    from compose.simulator.settings import Settings

EVALUATIONS, TASKS, REPORTS = 0.6, 0.3, 0.01
"""Per second."""


class Records(Theme):
    """What is written down about runs, by others than the agents."""

    name = "records"

    def __init__(self, settings: Settings) -> None:
        self._settings, self.conduct = settings, Conduct()
        self._release = Release(settings.folder)
        self._release.write()

    def faults(self) -> tuple[Fault, ...]:
        return faults(self.conduct, self._release)

    async def run(self) -> None:
        pace, seed, conduct = self._settings.pace, self._settings.seed, self.conduct
        judging, testing, telling = (Chance(seed, theme) for theme in ("judges", "experiment", "reports"))
        judges = Judges(self._settings.folder, conduct, judging)
        try:
            async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
                group.create_task(arrivals(lambda: EVALUATIONS * pace * conduct.evaluations, judging, judges.evaluate))
                group.create_task(arrivals(lambda: TASKS * pace, testing, judges.experiment))
                if self._settings.incidents_token is not None:
                    reports = Reports(session, self._settings.exporter, self._settings.incidents_token, telling)
                    group.create_task(arrivals(lambda: REPORTS * pace * conduct.reports, telling, reports))
        finally:
            judges.close()
