"""A page such as the agent exporter has: counters with three labels, histograms of 17 series, some exemplars."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from prometheus_client import Metric
from prometheus_client.samples import Exemplar

if TYPE_CHECKING:
    from collections.abc import Iterable

BOUNDS = (*(repr(0.01 * 2**power) for power in range(14)), "+Inf")
PER_HISTOGRAM = len(BOUNDS) + 2


class Registry:
    """What prometheus_client's renderers ask for."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def families(series: int) -> list[Metric]:
    """Return as many series, half of them in histograms."""
    numbers = random.Random(7)
    histograms = series // 2 // PER_HISTOGRAM
    return [_counter(series - histograms * PER_HISTOGRAM, numbers), _histogram(histograms, numbers)]


def _counter(series: int, numbers: random.Random) -> Metric:
    family = Metric("agent_model_calls", "Calls of models.", "counter")
    for index in range(series):
        labels = {
            "agent": f"agent-{index // 211}",
            "provider": f"provider-{index % 7}",
            "model": f"model-{index % 211}",
        }
        family.add_sample("agent_model_calls_total", labels, numbers.random() * 1e6)
    return family


def _histogram(label_sets: int, numbers: random.Random) -> Metric:
    family = Metric("agent_run_duration_seconds", "Duration of runs.", "histogram")
    for index in range(label_sets):
        labels = {"agent": f"agent-{index}", "outcome": "success"}
        seen = 0
        for bound in BOUNDS:
            seen += numbers.randrange(13)
            exemplar = Exemplar({"trace_id": f"{index:032x}"}, 0.5, 1.7e9) if bound == "0.64" else None
            family.add_sample("agent_run_duration_seconds_bucket", {**labels, "le": bound}, float(seen), None, exemplar)
        family.add_sample("agent_run_duration_seconds_count", labels, float(seen))
        family.add_sample("agent_run_duration_seconds_sum", labels, seen * 1.5)
    return family
