"""Families -> bytes, in the form and the encoding the scraper asks for."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.core.render import accept, openmetrics, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client import Metric

GZIP_LEVEL = 1  # level 6 takes three times as long for a tenth less
SMALLEST = 1024


@dataclass(frozen=True)
class Form:
    """One exposition format."""

    content_type: str
    render: Callable[[Iterable[Metric]], str]


TEXT = Form("text/plain; version=0.0.4; charset=utf-8", text.render)
OPENMETRICS = Form("application/openmetrics-text; version=1.0.0; charset=utf-8", openmetrics.render)


@dataclass(frozen=True)
class Page:
    """A rendered page and its headers."""

    body: bytes
    content_type: str
    encoding: str = ""


def form(accepted: str) -> Form:
    return OPENMETRICS if accept.wants_openmetrics(accepted) else TEXT


def page(families: Iterable[Metric], accepted: str = "", encodings: str = "") -> Page:
    """Render for the request headers Accept and Accept-Encoding."""
    chosen = form(accepted)
    # a file name that is no UTF-8 holds lone surrogates; one bad label must not lose the page
    body = chosen.render(families).encode("utf-8", "replace")
    if len(body) >= SMALLEST and accept.wants_gzip(encodings):
        return Page(gzip.compress(body, GZIP_LEVEL, mtime=0), chosen.content_type, "gzip")
    return Page(body, chosen.content_type)
