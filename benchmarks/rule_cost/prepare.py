"""Brings a Prometheus into the state thirty days of running the rules would have left it in."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.report import Result
from benchmarks.rule_cost.blocks import HOUR, WORKERS, import_raw, import_series, layout
from benchmarks.rule_cost.data.history import DAY, DAYS, Series
from benchmarks.rule_cost.recorded import backfilled, evaluated
from benchmarks.rule_cost.server import HistoryServer
from benchmarks.rule_cost.shapes import SLIS, ours, pyrra, sloth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from benchmarks.rule_cost.rules import Shape

BENCHMARK = "rules: history"
ALIGNED = 300  # a multiple of every group's interval, so that phases fall alike in every run
LEAD = HOUR  # rules start after the raw series
TILE_HISTORY = 7 * HOUR


@dataclass(frozen=True)
class Stage:
    """A server ready to be measured; `shapes` by SLI, `at` the time to evaluate at."""

    server: HistoryServer
    bundle: ours.Bundle
    shapes: Mapping[str, tuple[Shape, ...]]
    start: int
    at: float
    blocks: int
    results: tuple[Result, ...]


def prepare(prometheus: Path, promtool: Path, folder: Path) -> Stage:
    end = int(time.time()) // ALIGNED * ALIGNED
    start = end - DAYS * DAY
    stretches = layout(start, end)
    bundle = ours.generate(folder)
    server = HistoryServer(prometheus, folder / "server")
    data = server.folder / "data"
    data.mkdir()
    begun = time.monotonic()
    import_raw(promtool, data, start, stretches)
    print(f"  {DAYS} days of raw series imported in {time.monotonic() - begun:.0f} s", flush=True)
    with server:
        series, results = _record(promtool, server, bundle, start, end)
    import_series(promtool, data, series, stretches)
    print(f"  recorded series added after {time.monotonic() - begun:.0f} s", flush=True)
    shapes = {sli.name: (bundle.shape(sli), sloth.shape(sli), pyrra.shape(sli)) for sli in SLIS}
    return Stage(server, bundle, shapes, start, end - 60.0, len(stretches), results)


def _record(
    promtool: Path, server: HistoryServer, bundle: ours.Bundle, start: int, end: int
) -> tuple[list[Series], tuple[Result, ...]]:
    jobs: dict[str, Callable[[], list[Series]]] = {}
    begin = start + LEAD
    for sli in SLIS:
        name = f"backfill of 30 d, {sli.name}"
        jobs[name] = partial(backfilled, promtool, server, bundle.backfill(sli), begin, end)
    for sli in SLIS:
        jobs[f"ratios, {sli.name}"] = partial(evaluated, server, sloth.history(sli), begin, end)
        jobs[f"tiles, {sli.name}"] = partial(evaluated, server, bundle.tiles(sli), end - TILE_HISTORY, end)
    with ThreadPoolExecutor(WORKERS) as pool:
        done = dict(zip(jobs, pool.map(_timed, jobs.values()), strict=True))
    took = {name: seconds for name, (_, seconds) in done.items() if name.startswith("backfill")}
    results = tuple(Result(BENCHMARK, ours.NAME, name, seconds, "s") for name, seconds in took.items())
    return [series for found, _ in done.values() for series in found], results


def _timed(job: Callable[[], list[Series]]) -> tuple[list[Series], float]:
    begun = time.monotonic()
    return job(), time.monotonic() - begun
