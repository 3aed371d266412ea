"""The routes every exporter has."""

from __future__ import annotations

import json
import math
import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from watchbill_exporters.core import render
from watchbill_exporters.core.errors import ConfigError
from watchbill_exporters.core.routes import Request, Response, Route, Runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prometheus_client import Metric

    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.runtime import Runtime

TIMEOUT = "x-prometheus-scrape-timeout-seconds"
_HOST = re.compile(r"[A-Za-z0-9_.:\[\]-]{1,255}")
_HEAD = """<!doctype html>
<html lang=en><meta charset=utf-8><title>{title}</title>
<h1>{title}</h1>
<p>{about}</p>
<ul>
"""


class Site:
    """Answers for one runtime; independent of the HTTP server."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._own = (
            Route("GET", "/", self._landing, runs=Runs.ON_LOOP),
            Route("GET", "/metrics", self._metrics, "all metrics", waiting_limit=32),
            Route("GET", "/probe", self._probe, "metrics of one target: /probe?target=NAME", waiting_limit=96),
            Route("GET", "/sd", self._discover, "targets, for Prometheus' http_sd_configs", runs=Runs.ON_LOOP),
            Route("GET", "/-/healthy", self._healthy, "answers while the exporter lives", runs=Runs.ON_LOOP),
            Route("GET", "/-/ready", self._healthy, "answers once the config is in use", runs=Runs.ON_LOOP),
            Route("POST", "/-/reload", self._reload, "takes the config from disk", body_limit=1024, waiting_limit=4),
        )

    def table(self) -> Mapping[str, Mapping[str, Route]]:
        """Return path -> method -> route; the frame's own paths cannot be taken by a feed."""
        table: dict[str, dict[str, Route]] = {}
        for route in (*self.runtime.routes(), *self._own):
            table.setdefault(route.path, {})[route.method] = route
        return table

    def methods(self, path: str) -> Mapping[str, Route]:
        """Return method -> route of a path; the last part of one may be anything where a route ends in `*`."""
        table = self.table()
        return table.get(path) or table.get(f"{path.rpartition('/')[0]}/*", {})

    def _metrics(self, request: Request) -> Response:
        return _page(self.runtime.scrape(self._deadline(request)), request)

    def _probe(self, request: Request) -> Response:
        name = request.query.get("target")
        if not name:
            return Response.text(400, "say which target: /probe?target=NAME")
        try:
            return _page(self.runtime.probe(name, self._deadline(request)), request)
        except KeyError:
            return Response.text(404, "the config names no such target")

    def _deadline(self, request: Request) -> Deadline:
        try:
            seconds = float(request.headers.get(TIMEOUT, ""))
        except ValueError:
            seconds = math.nan
        return self.runtime.deadline(seconds if 0 < seconds < 3600 else None)

    def _discover(self, request: Request) -> Response:
        host = request.headers.get("host", "")
        if not _HOST.fullmatch(host):
            return Response.text(400, "the Host header is no address")
        scheme = "https" if request.secure else "http"
        groups = [
            {
                "targets": [host],
                "labels": {"__scheme__": scheme, "__metrics_path__": "/probe", "__param_target": name, "target": name},
            }
            for name in self.runtime.target_names
        ]
        return Response(200, json.dumps(groups).encode(), "application/json")

    def _healthy(self, _: Request) -> Response:
        return Response.text(200, "ok")

    def _reload(self, _: Request) -> Response:
        try:
            self.runtime.reload()
        except ConfigError as error:
            return Response.text(500, str(error))
        return Response.text(200, "config taken")

    def _landing(self, _: Request) -> Response:
        exporter = self.runtime.exporter
        head = _HEAD.format(title=escape(f"watchbill-exporter {exporter.name}"), about=escape(exporter.about))
        body = head + "\n".join(self._links()) + "\n</ul>\n"
        return Response(200, body.encode(), "text/html; charset=utf-8")

    def _links(self) -> Iterable[str]:
        for route in (*self._own[1:], *self.runtime.routes()):
            path, about = escape(route.path), escape(route.about)
            shown = f'<a href="{path}">{path}</a>' if route.method == "GET" else f"{route.method} {path}"
            yield f"<li>{shown} {about}"
        for name in self.runtime.target_names:
            yield f'<li><a href="/probe?target={quote(name)}">{escape(name)}</a>'


def _page(families: list[Metric], request: Request) -> Response:
    page = render.page(families, request.headers.get("accept", ""), request.headers.get("accept-encoding", ""))
    headers = {"Vary": "Accept, Accept-Encoding"} | ({"Content-Encoding": page.encoding} if page.encoding else {})
    return Response(200, page.body, page.content_type, headers)
