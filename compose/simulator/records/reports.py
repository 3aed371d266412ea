"""Users who report what went wrong, to the exporter's incident endpoint."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from pathlib import Path

    from compose.simulator.chance import Chance

TEXTS = ("booked the wrong day", "very slow", "answered in another language", "refund never came")
STAGES = ("diagnosed", "changed", "deployed", "evaluated")
PATIENCE = aiohttp.ClientTimeout(total=3)


class Reports:
    """Sends one report at a time; some come with the trace, some move on to a later stage."""

    def __init__(self, session: aiohttp.ClientSession, exporter: str, token_file: Path, chance: Chance) -> None:
        self._session, self._url, self._token_file, self._chance = session, f"{exporter}/incidents", token_file, chance
        self._open: list[str] = []

    async def __call__(self) -> None:
        chance = self._chance
        if self._open and chance.happens(0.5):
            said = {"id": self._open.pop(0), "status": chance.any_of(STAGES)}
        else:
            name = f"ticket-{chance.key(40)}"
            self._open.append(name)
            said = {"id": name, "text": chance.any_of(TEXTS), "source": chance.among({"user": 0.8, "eval": 0.2})}
            if chance.happens(0.7):
                said["trace_id"] = chance.key(128)
        headers = {"Authorization": f"Bearer {self._token_file.read_text(encoding='utf-8').strip()}"}
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):  # a report that is lost is lost
            async with self._session.post(self._url, json=said, headers=headers, timeout=PATIENCE) as answer:
                await answer.read()
