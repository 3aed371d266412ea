"""A Prometheus that tells what its queries cost."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.prometheus import Prometheus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RETENTION = "--storage.tsdb.retention.time=45d"  # so blocks grow to 54 h
REPEATS = 3


@dataclass(frozen=True)
class Cost:
    """What one evaluation takes."""

    samples: float
    seconds: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.samples + other.samples, self.seconds + other.seconds)

    def __mul__(self, factor: float) -> Cost:
        return Cost(self.samples * factor, self.seconds * factor)


class HistoryServer(Prometheus):
    """Serves the blocks in `folder/data`."""

    def __init__(
        self,
        binary: Path,
        folder: Path,
        config: Mapping[str, Any] | None = None,
        rules: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(binary, folder, config or {}, rules, (RETENTION, "--query.max-samples=100000000"))

    def cost(self, expr: str, at: float) -> Cost:
        """Return what evaluating the expression takes: samples as the engine counts them, median evaluation time."""
        found = [self._get("query", query=expr, time=f"{at:.3f}", stats="all")["stats"] for _ in range(REPEATS)]
        seconds = statistics.median(float(stats["timings"]["evalTotalTime"]) for stats in found)
        return Cost(float(found[0]["samples"]["totalQueryableSamples"]), seconds)

    def value(self, expr: str, at: float) -> float:
        """Return the one value of an expression; NaN where there is none."""
        found = self.query(expr, at)
        return found[0][1] if len(found) == 1 else float("nan")

    def settle(self, blocks: int, patience: float = 180) -> None:
        """Wait until overlapping blocks are compacted to this number, which begins within a minute of a start."""
        deadline = time.monotonic() + patience
        while (loaded := self.own_metric("prometheus_tsdb_blocks_loaded")) > blocks:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{loaded:.0f} blocks are not compacted to {blocks}:\n{self.log_tail()}")
            time.sleep(1)
