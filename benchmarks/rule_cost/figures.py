"""Loads as results: each shape, and how many times ours it is."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from benchmarks.report import Result
from benchmarks.rule_cost.cost import measure
from benchmarks.rule_cost.shapes import ours, pyrra, sloth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.rule_cost.prepare import Stage
    from benchmarks.rule_cost.server import HistoryServer

FEWER_SAMPLES = {sloth.NAME: 80.0, pyrra.NAME: 150.0}


def cost_results(server: HistoryServer, stage: Stage) -> Iterator[Result]:
    for sli, shapes in stage.shapes.items():
        benchmark = f"rules: cost, {sli}"
        rates = {shape.name: measure(server, shape, stage.at) for shape in shapes}
        samples = {name: rate.samples_per_second for name, rate in rates.items()}
        times = {name: rate.milliseconds_per_minute for name, rate in rates.items()}
        rules = {shape.name: f"{shape.count} rules" for shape in shapes}
        yield from _compared(benchmark, "samples", "/s", samples, bounds=FEWER_SAMPLES, notes=rules)
        yield from _compared(benchmark, "query time", "ms/min", times)


def live_results(spent: Mapping[str, float]) -> Iterator[Result]:
    yield from _compared("rules: cost, live", "CPU", "ms/min", spent)


def _compared(
    benchmark: str,
    figure: str,
    unit: str,
    values: Mapping[str, float],
    *,
    bounds: Mapping[str, float] = MappingProxyType({}),
    notes: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Result]:
    for name, value in values.items():
        yield Result(benchmark, name, figure, value, unit, note=notes.get(name, ""))
    for name in (sloth.NAME, pyrra.NAME):
        times = values[name] / max(values[ours.NAME], 1e-9)
        yield Result(benchmark, name, f"{figure}, times ours", times, "x", bounds.get(name))
