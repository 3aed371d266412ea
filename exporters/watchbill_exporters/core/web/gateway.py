"""aiohttp's request -> ours, past every gate: user, route, size, load; and the answer back."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from aiohttp import web

from watchbill_exporters.core import log
from watchbill_exporters.core.routes import Request, Response, Route, Runs
from watchbill_exporters.core.web.auth import BasicAuth, BusyError, same
from watchbill_exporters.core.web.bodies import BodyError, inflate, inflate_small

if TYPE_CHECKING:
    from watchbill_exporters.core.own import OwnMetrics
    from watchbill_exporters.core.web.access import Access
    from watchbill_exporters.core.web.site import Site

BODY_SECONDS = 30.0  # for a whole body: a client that trickles is cut off
SEND_SECONDS = 60.0  # for a whole answer: one that does not read is cut off
SCRAPES = 160  # above the waiting limits of /metrics and /probe together: no scrape waits for another one's target
INTAKES = 8
ON_LOOP_BYTES = 1024 * 1024  # sent and inflated; above, the loop would be taken longer than others should wait
RETRY_SECONDS = 1
SERVER = "watchbill-exporter"
_log = log.logger(__name__)


class Gateway:
    """Handles every request of the server."""

    def __init__(self, site: Site, own: OwnMetrics, access: Access, send_seconds: float = SEND_SECONDS) -> None:
        self.site, self.own, self.access = site, own, access
        self._send_seconds = send_seconds
        self.auth = BasicAuth(access.users)
        self._scrapes = ThreadPoolExecutor(SCRAPES, "scrape")
        self._intake = ThreadPoolExecutor(INTAKES, "intake")
        self._guards = ThreadPoolExecutor(2, "auth")
        self._under_way: Counter[str] = Counter()

    def use(self, access: Access) -> None:
        if access.users != self.access.users:
            self.auth = BasicAuth(access.users)
        self.access = access

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            response = await self._answer(request)
        except BodyError as error:
            response = Response.text(error.status, str(error), Connection="close")
        except Exception as error:  # noqa: BLE001 - a bug in one handler must not end the exporter
            _log.error("request failed", exc_info=True, method=request.method, path=request.path, error=str(error))
            response = Response.text(500, "internal error, see the log of the exporter")
        headers = {"Server": SERVER, "Content-Type": response.content_type, **self.access.headers, **response.headers}
        out = web.Response(status=response.status, body=response.body, headers=headers)
        if response.headers.get("Connection") == "close":
            out.force_close()
        await self._send(request, out)
        return out

    async def _send(self, request: web.BaseRequest, out: web.Response) -> None:
        try:
            async with asyncio.timeout(self._send_seconds):
                await out.prepare(request)
                await out.write_eof()
        except (TimeoutError, ConnectionError):
            if isinstance(request.transport, asyncio.Transport):
                request.transport.abort()

    async def _answer(self, request: web.BaseRequest) -> Response:
        methods = self.site.methods(request.path)
        route = methods.get("GET" if request.method == "HEAD" else request.method)
        if (refusal := await self._refusal(request, route)) is not None:
            return refusal
        if not methods:
            return Response.text(404, "not found")
        if route is None:
            allowed = sorted({*methods, *(["HEAD"] if "GET" in methods else [])})
            return Response.text(405, "method not allowed", Allow=", ".join(allowed))
        response = await self._take(request, route)
        if response.status >= 400 and route.method == "POST":
            self.own.refused(route.path, response.status)
        return response

    async def _refusal(self, request: web.BaseRequest, route: Route | None) -> Response | None:
        header = request.headers.get("Authorization", "")
        if self.access.allowed_sans and not _sans(request) & self.access.allowed_sans:
            return Response.text(403, "the client certificate has none of the names that are let in")
        if route is not None and route.bearer is not None:  # instead of a password: a request has one Authorization
            if same(header, f"Bearer {route.bearer.reveal()}"):
                return None
            self.own.refused(route.path, 401)
            return Response.text(401, "unauthorized", **{"WWW-Authenticate": "Bearer"})
        verdict = self.auth.remembered(header)
        if verdict is None:
            loop = asyncio.get_running_loop()
            try:
                verdict = await loop.run_in_executor(self._guards, self.auth.allows, header)
            except BusyError:
                return Response.text(429, "too many passwords to check", **{"Retry-After": str(RETRY_SECONDS)})
        if not verdict:
            return Response.text(401, "unauthorized", **{"WWW-Authenticate": 'Basic realm="watchbill"'})
        return None

    async def _take(self, request: web.BaseRequest, route: Route) -> Response:
        if self._under_way[route.path] >= route.waiting_limit:
            busy = {"Retry-After": str(RETRY_SECONDS), "Connection": "close"}
            return Response.text(429, "too many requests under way", **busy)
        self._under_way[route.path] += 1
        try:
            return await self._handle(request, route)
        except BodyError as error:
            return Response.text(error.status, str(error), Connection="close")
        finally:
            self._under_way[route.path] -= 1

    async def _handle(self, request: web.BaseRequest, route: Route) -> Response:
        sent = await _body(request, route.body_limit)
        encoding = request.headers.get("Content-Encoding", "")
        headers = {name.lower(): value for name, value in request.headers.items()}

        def answered(body: bytes) -> Response:
            asked = Request(request.method, request.path, dict(request.query), headers, body, secure=request.secure)
            return route.handler(asked)

        if route.runs is Runs.ON_LOOP:
            small = inflate_small(sent, encoding, min(ON_LOOP_BYTES, route.inflated_limit))
            if small is not None:
                return answered(small)
        executor = self._scrapes if route.method == "GET" else self._intake
        return await asyncio.get_running_loop().run_in_executor(
            executor, lambda: answered(inflate(sent, encoding, route.inflated_limit))
        )

    def close(self) -> None:
        for executor in (self._scrapes, self._intake, self._guards):
            executor.shutdown(wait=False, cancel_futures=True)


async def _body(request: web.BaseRequest, limit: int) -> bytes:
    if not request.can_read_body:
        return b""
    if (request.content_length or 0) > limit:
        raise BodyError(413, f"the body has more than {limit} bytes")
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                size += len(chunk)
                if size > limit:
                    raise BodyError(413, f"the body has more than {limit} bytes")
                chunks.append(chunk)
    except TimeoutError:
        raise BodyError(408, "the body did not arrive in time") from None
    except (ConnectionError, web.RequestPayloadError) as error:
        raise BodyError(400, f"the body broke off: {type(error).__name__}") from None
    return b"".join(chunks)


def _sans(request: web.BaseRequest) -> set[str]:
    transport = request.transport
    certificate = transport.get_extra_info("peercert") if transport is not None else None
    return {name for _, name in (certificate or {}).get("subjectAltName", ())}
