"""What the parts of the platform have in common."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from compose.simulator.chance import Chance
    from compose.simulator.fault import Fault


Pages = Mapping[str, Callable[[], str]]
NO_PAGES: Pages = MappingProxyType({})


class Theme(ABC):
    """One part of the platform. `absent` says why it cannot run here; then it has no faults and is not started."""

    name: str
    pages: Pages = NO_PAGES
    """Metrics that it tells itself, by path."""

    @property
    def absent(self) -> str:
        return ""

    @abstractmethod
    def faults(self) -> tuple[Fault, ...]: ...

    @abstractmethod
    async def run(self) -> None:
        """Behave, until cancelled; leave nothing behind."""


async def arrivals(
    per_second: Callable[[], float], chance: Chance, make: Callable[[], Coroutine[object, object, None]]
) -> None:
    """Start one of these at random moments, until cancelled; those under way are then cancelled too."""
    async with asyncio.TaskGroup() as group:
        while True:
            rate = per_second()
            if rate <= 0:
                await asyncio.sleep(1.0)
                continue
            await asyncio.sleep(min(chance.waiting(rate), 5.0 / rate))
            group.create_task(make())
