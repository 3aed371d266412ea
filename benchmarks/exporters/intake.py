"""The whole way over HTTP: a page of 100,000 series, and POSTs the size of 512 spans."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import requests

from benchmarks.report import Result
from tests.exporters.fixed import Fixed
from tests.exporters.running import Exporting
from watchbill_exporters.core.contract import Exporter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prometheus_client import Metric

SCRAPES, POSTS = 5, 1_000
BATCH = 200_000  # bytes of 512 spans with GenAI attributes
LEAST_POSTS = 300.0  # a second; 120,000 spans/s are 234 batches
TITLE = "exporters: CPU over HTTP, that of the client included"


def run(folder: Path, given: list[Metric]) -> Iterator[Result]:
    exporter = Exporter("bench", "bench", "", 1, feeds=(Fixed(tuple(given)),))
    config = folder / "bench.yaml"
    config.write_text("fixed: {}\nlimits: {series_per_family: 1000000}\n", encoding="utf-8")
    with Exporting(exporter, config) as running, requests.Session() as session:
        for name, headers in (
            ("text, not compressed", {"Accept-Encoding": "identity"}),
            ("text, gzip", {"Accept-Encoding": "gzip"}),
            ("OpenMetrics, gzip", {"Accept-Encoding": "gzip", "Accept": "application/openmetrics-text"}),
        ):
            yield Result(TITLE, "watchbill", f"scrape, {name}", _scrape(session, running.url, headers), "ms")
        yield Result(TITLE, "watchbill", "POSTs of 200 kB, per core", _posts(session, running.url), "/s", LEAST_POSTS)


def _scrape(session: requests.Session, url: str, headers: dict[str, str]) -> float:
    best = float("inf")
    for _ in range(SCRAPES):
        begun = time.process_time()
        answer = session.get(f"{url}/metrics", headers=headers, timeout=30, stream=True)
        size = len(answer.raw.read(decode_content=False))
        best = min(best, time.process_time() - begun)
        assert answer.ok
        assert size > 100_000
    return best * 1000


def _posts(session: requests.Session, url: str) -> float:
    body = os.urandom(BATCH)
    begun = time.process_time()
    for _ in range(POSTS):
        assert session.post(f"{url}/sink", body, timeout=30).ok
    return POSTS / (time.process_time() - begun)
