"""Sandboxes come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.chance import Chance
from compose.simulator.lines import Lines
from compose.simulator.sandboxes.conduct import Conduct
from compose.simulator.sandboxes.faults import faults
from compose.simulator.sandboxes.manager import Manager
from compose.simulator.theme import Theme, arrivals

if TYPE_CHECKING:
    from compose.simulator.fault import Fault
    from compose.simulator.settings import Settings

PER_SECOND = 0.3


class Sandboxes(Theme):
    """Where agents run code."""

    name = "sandboxes"

    def __init__(self, settings: Settings) -> None:
        self._settings, self.conduct = settings, Conduct()

    def faults(self) -> tuple[Fault, ...]:
        return faults(self.conduct)

    async def run(self) -> None:
        log = Lines(self._settings.folder / "logs" / "sandboxes.jsonl", stamped=False)
        chance = Chance(self._settings.seed, "sandboxes")
        try:
            await arrivals(
                lambda: PER_SECOND * self._settings.pace * self.conduct.pace, chance, Manager(self.conduct, chance, log)
            )
        finally:
            log.close()
