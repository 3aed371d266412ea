"""Writes the past: raw series first, then what the generated rules make of them, level by level."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from compose.demo.history.past import scraped
from compose.simulator.family import bound
from lab.demo_history.levels import Step, levels
from lab.demo_history.series import Stored, write_block
from lab.prometheus import Prometheus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from compose.demo.history.grid import Grid
    from lab.api import PrometheusApi
    from watchbill.model import Plan, RecordingRule
    from watchbill.spec import Document

FLAGS = ("--storage.tsdb.retention.time=100d", "--query.max-samples=200000000")
WORKERS = 2
Span = tuple[int, int, int]


def write_history(
    document: Document, plan: Plan, tools: tuple[Path, Path], folder: Path, grid: Grid, tell: Callable[[str], None]
) -> None:
    """Write blocks into `folder/data`; `tools` are prometheus and promtool, `tell` hears what is under way."""
    prometheus, promtool = tools
    data = folder / "data"
    tell("raw series")
    write_block(promtool, data, scraped(document, grid), "scraped")
    backfills = [unit.backfill for unit in plan.units if unit.backfill is not None]
    rolled = {rule.record for file in backfills for rule in file.records()}
    server = Prometheus(prometheus, folder, {}, flags=FLAGS, by=bound([], last="KILL"))
    for number in sorted({unit.backfill_pass for unit in plan.units if unit.backfill is not None}):
        tell(f"tiles, pass {number}")
        files = [u.backfill for u in plan.units if u.backfill is not None and u.backfill_pass == number]
        asked = [(rule, grid.backfill()) for file in files for rule in file.records()]
        write_block(promtool, data, _answers(server, asked), f"pass-{number}")
    for number, steps in enumerate(levels(plan), 1):
        tell(f"rules, level {number}")
        write_block(promtool, data, _answers(server, _spans(steps, grid, rolled)), f"level-{number}")


def _spans(steps: Sequence[Step], grid: Grid, rolled: set[str]) -> list[tuple[RecordingRule, Span]]:
    return [(s.rule, grid.steps(s.interval, rolls_up=s.rule.record in rolled)) for s in steps]


def _answers(server: Prometheus, asked: Iterable[tuple[RecordingRule, Span]]) -> list[Stored]:
    """Ask a server that runs for as long as that takes: it finds new blocks when it starts."""
    try:
        server.start()
        with ThreadPoolExecutor(WORKERS) as pool:
            return [series for found in pool.map(lambda one: _evaluated(server, *one), asked) for series in found]
    finally:
        server.stop()  # also when the demo is ended before the server is ready, which `with` would not see


def _evaluated(server: PrometheusApi, rule: RecordingRule, span: Span) -> list[Stored]:
    begin, end, step = span
    return [
        Stored(
            rule.record,
            {**{k: v for k, v in labels.items() if k != "__name__"}, **dict(rule.labels)},
            [at for at, _ in samples],
            [value for _, value in samples],
        )
        for labels, samples in server.query_range(rule.expr, begin, end, step)
    ]
