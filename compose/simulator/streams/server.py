"""The edge: streams of server-sent events, and a log of what happens to each."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from compose.simulator.chance import Chance
    from compose.simulator.lines import Lines
    from compose.simulator.streams.conduct import Conduct

EVENTS = 8
GAP_SECONDS = 0.25
HEARTBEAT_SECONDS = 1.0
KEPT = 600.0
"""Seconds for which the events of a run are held."""


@dataclass
class Edge:
    """Serves `/runs/{run}`; a client that comes back says which event it saw last."""

    conduct: Conduct
    chance: Chance
    log: Lines
    _seen: dict[str, float] = field(default_factory=dict)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        run, agent = request.match_info["run"], request.query["agent"]
        stream = self.chance.key()
        start = self._open(run, agent, stream, request.headers.get("Last-Event-ID"))
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        outcome = "error"
        try:
            await answer.prepare(request)
            outcome = await self._send(answer, stream, start)
            await answer.write_eof()
        except OSError:  # the client has gone
            outcome = "client_closed"
        finally:
            self.log.write(event="end", stream=stream, outcome=outcome)
        return answer

    def _open(self, run: str, agent: str, stream: str, cursor: str | None) -> int:
        """Log how it begins; return the number of the last event that the client has."""
        now = time.monotonic()
        back = run in self._seen
        self._seen = {key: at for key, at in self._seen.items() if at > now - KEPT} | {run: now}
        if self.chance.happens(self.conduct.cursor_dropped):
            cursor = None
        if not back:
            self.log.write(event="open", stream=stream, agent=agent)
            return 0
        if cursor is None:
            self.log.write(event="open", stream=stream, agent=agent, cursor="missing", result="full_replay")
            return 0
        self.log.write(event="open", stream=stream, agent=agent, cursor="present", result="resumed")
        return int(cursor)

    async def _send(self, answer: web.StreamResponse, stream: str, start: int) -> str:
        stalls_at = self.chance.whole(1, EVENTS) if self.chance.happens(self.conduct.stall) else 0
        cut_at = self.chance.whole(2, EVENTS) if self.chance.happens(self.conduct.cut) else 0
        await asyncio.sleep(self.chance.around(self.conduct.first_event_seconds))
        for number in range(start + 1, EVENTS + 1):
            if stalls_at and number >= stalls_at:
                await self._stand_still(answer, stream)
            if cut_at and number >= cut_at:
                return "truncated"
            data = f"id: {number}\ndata: word {number}\n\n".encode()
            await answer.write(data)
            self.log.write(event="data", stream=stream, bytes=len(data))
            await asyncio.sleep(self.chance.around(GAP_SECONDS))
        return "completed"

    async def _stand_still(self, answer: web.StreamResponse, stream: str) -> None:
        """Keep the connection alive and say nothing, until the user leaves. Raises OSError then."""
        while True:
            await answer.write(b": still here\n\n")
            self.log.write(event="heartbeat", stream=stream)
            await asyncio.sleep(HEARTBEAT_SECONDS)
