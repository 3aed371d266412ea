"""Checkpoints are written, backed up in turns, and restored to see whether that works."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from compose.simulator.backups.conduct import Conduct
from compose.simulator.backups.faults import faults
from compose.simulator.backups.restic import ARTICLES, REPOSITORIES, Places, Restic
from compose.simulator.backups.store import PostgresStore, Store
from compose.simulator.chance import Chance
from compose.simulator.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from compose.simulator.fault import Fault
    from compose.simulator.settings import Settings

WRITE_SECONDS = 2.0
BACKUP_SECONDS = 120.0
LEFT = 105
"""Checkpoints in a copy that is not complete: enough for what restore tests ask, too few to be all."""
CHECKS_EVERY = 10
"""Rounds of backups for each check of repositories."""


class Backups(Theme):
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
                group.create_task(self._keep_writing(write))
            group.create_task(self._back_up(store, self._restic))

    async def _back_up(self, store: Store, restic: Restic) -> None:
        conduct, number = self.conduct, 0
        while True:
            if conduct.backups:
                await asyncio.to_thread(self._stage, store, restic)
                for name, sources in REPOSITORIES.items():
                    for source in sources:
                        await asyncio.to_thread(restic.back_up, name, source, password_right=conduct.password_right)
                    await asyncio.to_thread(restic.forget, name)
                    if conduct.checks and number % CHECKS_EVERY == 0:
                        await asyncio.to_thread(restic.check, name)
            if conduct.tests:
                await asyncio.to_thread(restic.test, password_right=conduct.tests_password_right)
            number += 1
            await self._rest()

    def _stage(self, store: Store, restic: Restic) -> None:
        """Put what is backed up in its place."""
        conduct = self.conduct
        if conduct.fresh:
            rows = None if conduct.complete else LEFT
            store.copy(restic.places.staged, whole=conduct.database_whole, rows=rows)
        restic.write_articles(ARTICLES if conduct.complete else ARTICLES // 4)

    async def _rest(self) -> None:
        """Wait for the next round; a fault that was switched is seen at once."""
        usual, end = replace(self.conduct), time.monotonic() + BACKUP_SECONDS
        while time.monotonic() < end and self.conduct == usual:  # noqa: ASYNC110 - switched from another thread
            await asyncio.sleep(1)

    async def _keep_writing(self, write: Callable[[], None]) -> None:
        while True:
            if self.conduct.writes:
                await asyncio.to_thread(write)
            await asyncio.sleep(WRITE_SECONDS)
