"""The platform's own pages: its faults as switches, its health, the prober, and metrics of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import web

from compose.simulator.fault import Switches, UnknownFaultError
from compose.simulator.gateway import probe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compose.simulator.theme import Pages

METRICS = (
    "# HELP maintenance_active Whether maintenance is under way.\n# TYPE maintenance_active gauge\n"
    'maintenance_active{service="agents"} 0\n'
)


class Control:
    """`GET /faults`, `GET` and `POST /faults/NAME`, `/healthy`, `/metrics`, `/probe`, `/schedules`, `/themes`."""

    def __init__(self, switches: Switches, gateway: str, absent: Mapping[str, str], pages: Pages) -> None:
        self._switches, self._gateway, self._absent, self._pages = switches, gateway, absent, pages

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthy", self._healthy),
                web.get("/faults", self._list),
                web.get("/faults/{name}", self._show),
                web.post("/faults/{name}", self._switch),
                web.get("/themes", self._themes),
                web.get("/metrics", self._metrics),
                web.get("/probe", self._probe),
                web.get("/schedules", self._schedule),
            ]
        )
        return app

    async def _healthy(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _list(self, _: web.Request) -> web.Response:
        return web.json_response([fault.shown() for fault in self._switches])

    async def _themes(self, _: web.Request) -> web.Response:
        """Say which parts of the platform cannot run here, and why."""
        return web.json_response({"absent": dict(self._absent)})

    async def _show(self, request: web.Request) -> web.Response:
        try:
            return web.json_response({"on": self._switches.is_on(request.match_info["name"])})
        except UnknownFaultError:
            return _unknown(request)

    async def _switch(self, request: web.Request) -> web.Response:
        try:
            asked: Any = await request.json()
        except ValueError:
            asked = None
        if not isinstance(asked, dict) or not isinstance(asked.get("on"), bool):
            return web.json_response({"error": 'say {"on": true} or {"on": false}'}, status=400)
        try:
            await asyncio.to_thread(self._switches.set, request.match_info["name"], on=asked["on"])
        except UnknownFaultError:
            return _unknown(request)
        return web.json_response({"on": asked["on"]})

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(text=METRICS)

    async def _schedule(self, _: web.Request) -> web.Response:
        """Tell of the schedules; empty where there are none."""
        return web.Response(text=self._page("/schedules"))

    async def _probe(self, _: web.Request) -> web.Response:
        return web.Response(text=await probe(self._gateway) + self._page("/probe"))

    def _page(self, path: str) -> str:
        return self._pages[path]() if path in self._pages else ""


def _unknown(request: web.Request) -> web.Response:
    text = f"there is no fault {request.match_info['name']}; GET /faults lists them"
    return web.json_response({"error": text}, status=404)
