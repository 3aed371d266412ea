"""A user's client: reads, loses the connection at times, and comes back."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import aiohttp

from compose.simulator.streams.server import EVENTS

if TYPE_CHECKING:
    from compose.simulator.chance import Chance
    from compose.simulator.streams.conduct import Conduct

USER_PATIENCE = 13.0
"""Seconds without a word after which a user leaves; more than what the exporter of the demo takes for a stall."""
COMES_BACK_AFTER = 0.4
CONNECTS = aiohttp.ClientTimeout(total=None, connect=3)


class Client:
    """One user who watches one run."""

    def __init__(self, session: aiohttp.ClientSession, edge: str, agent: str, conduct: Conduct, chance: Chance) -> None:
        self._session, self._url, self._agent = session, f"http://{edge}/runs", agent
        self._conduct, self._chance = conduct, chance

    async def __call__(self) -> None:
        run = self._chance.key()
        drops_at = self._chance.whole(1, EVENTS - 1) if self._chance.happens(self._conduct.clients_drop) else 0
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            last = await self._read(run, None, drops_at)
            if drops_at and last < EVENTS:
                await asyncio.sleep(self._chance.around(COMES_BACK_AFTER))
                forgets = self._chance.happens(self._conduct.clients_without_cursor)
                await self._read(run, None if forgets else str(last), 0)

    async def _read(self, run: str, cursor: str | None, stop_at: int) -> int:
        """Read to the end, or until so many events were seen; return the last one's number."""
        headers = {} if cursor is None else {"Last-Event-ID": cursor}
        asked = {"agent": self._agent}
        last = int(cursor or 0)
        async with self._session.get(f"{self._url}/{run}", params=asked, headers=headers, timeout=CONNECTS) as answer:
            while line := await self._next(answer):
                if line.startswith(b"id: "):
                    last = int(line[4:])
                    if last == stop_at:
                        break
            answer.close()
        return last

    @staticmethod
    async def _next(answer: aiohttp.ClientResponse) -> bytes:
        """Return the next line that is a word to the user. Raises TimeoutError when the user has had enough."""
        async with asyncio.timeout(USER_PATIENCE):
            while (line := await answer.content.readline()).startswith(b":") or line == b"\n":
                pass
        return line
