"""Checkpoints are written, backed up in turns, and restored to see whether that works."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

from compose.simulator.backups.conduct import Conduct
from compose.simulator.backups.faults import faults
from compose.simulator.backups.restic import REPOSITORIES, Places, Restic
from compose.simulator.backups.store import PostgresStore, Store
from compose.simulator.chance import Chance

if TYPE_CHECKING:
    from collections.abc import Callable

    from compose.simulator.fault import Fault
    from compose.simulator.settings import Settings

WRITE_SECONDS = 2.0
BACKUP_SECONDS = 120.0
TESTS_EVERY = 2
"""Rounds of backups for each test of restores."""


class Backups:
    """The checkpoint store and its backups."""

    name = "backups"

    def __init__(self, settings: Settings) -> None:
        self._settings, self.conduct = settings, Conduct()
        self._restic = None if self.absent else Restic(Places(settings.folder / "backups"))

    @property
    def absent(self) -> str:
        return "" if shutil.which("restic") else "restic is not on PATH"

    def faults(self) -> tuple[Fault, ...]:
        return faults(self.conduct)

    async def run(self) -> None:
        if self._restic is None:
            raise RuntimeError(self.absent)
        settings, chance = self._settings, Chance(self._settings.seed, "checkpoints")
        store = Store(settings.folder / "checkpoints" / "live.db", chance)
        stores: list[Callable[[], None]] = [store.write]
        if settings.postgres is not None:
            stores.append(PostgresStore(settings.postgres, chance).write)
        async with asyncio.TaskGroup() as group:
            for write in stores:
                group.create_task(_keep_writing(write))
            group.create_task(self._back_up(store, self._restic))

    async def _back_up(self, store: Store, restic: Restic) -> None:
        conduct, number = self.conduct, 0
        while True:
            if conduct.backups:
                await asyncio.to_thread(store.copy, restic.places.staged, whole=conduct.database_whole)
                for name in REPOSITORIES:
                    await asyncio.to_thread(restic.back_up, name, password_right=conduct.password_right)
                    await asyncio.to_thread(restic.forget, name)
            if conduct.tests and number % TESTS_EVERY == 0:
                await asyncio.to_thread(restic.test)
            number += 1
            await asyncio.sleep(BACKUP_SECONDS)


async def _keep_writing(write: Callable[[], None]) -> None:
    while True:
        await asyncio.to_thread(write)
        await asyncio.sleep(WRITE_SECONDS)
