"""What a page of 100,000 series costs, beside prometheus_client's own renderer; what goes over HTTP; spans."""

from __future__ import annotations

import gzip
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client.exposition import generate_latest as their_text
from prometheus_client.openmetrics.exposition import generate_latest as their_openmetrics

from benchmarks.exporters import intake, otlp, pages, queues
from benchmarks.report import Result
from watchbill_exporters.core import render
from watchbill_exporters.core.families import Merger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME = "exporters"
SERIES = 100_000
TEXT_MS, OPENMETRICS_MS = 150.0, 200.0
TURNS = 5
TITLE = f"exporters: CPU of a page of {SERIES:,} series"
OURS, THEIRS = "watchbill", "prometheus_client"


def run() -> Iterator[Result]:
    """Yield the results."""
    given = pages.families(SERIES)
    registry = pages.Registry(given)
    for form, ours, theirs, most in (
        ("text 0.0.4", lambda: _page(given, render.TEXT), lambda: their_text(registry), TEXT_MS),
        ("OpenMetrics", lambda: _page(given, render.OPENMETRICS), lambda: their_openmetrics(registry), OPENMETRICS_MS),
    ):
        fast, slow = _both(ours, theirs)
        yield Result(TITLE, OURS, form, fast, "ms", high=most, note=f"{len(ours()) / 1e6:.1f} MB")
        yield Result(TITLE, THEIRS, form, slow, "ms")
        yield Result(TITLE, THEIRS, f"{form}, times ours", slow / fast, "x")
    body = _page(given, render.TEXT)
    yield Result(TITLE, OURS, "gzip level 1", _best(lambda: gzip.compress(body, 1)), "ms")
    yield Result(TITLE, OURS, "merging and capping", _best(lambda: _merged(given)), "ms")
    with tempfile.TemporaryDirectory(prefix="watchbill-bench-") as folder:
        yield from intake.run(Path(folder), given)
        yield from otlp.run(Path(folder))
        yield from queues.run(Path(folder))


def _page(given: list[pages.Metric], form: render.Form) -> bytes:
    return form.render(given).encode()


def _merged(given: list[pages.Metric]) -> None:
    merger = Merger(SERIES)
    for family in given:
        merger.add(family)
    assert not merger.dropped


def _both(ours: Callable[[], bytes], theirs: Callable[[], bytes]) -> tuple[float, float]:
    """Take turns, so that a machine which is busy for a while is so for both."""
    turns = [(_milliseconds(ours), _milliseconds(theirs)) for _ in range(TURNS)]
    return min(turn[0] for turn in turns), min(turn[1] for turn in turns)


def _best(work: Callable[[], object]) -> float:
    return min(_milliseconds(work) for _ in range(TURNS))


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.thread_time()  # CPU: the wall clock also tells what else the machine does
    work()
    return (time.thread_time() - begun) * 1000
