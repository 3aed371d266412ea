"""What the rules of one SLO cost a real Prometheus, and how right their thirty days are."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.rule_cost import live
from benchmarks.rule_cost.accuracy import accuracy_results
from benchmarks.rule_cost.figures import cost_results, live_results
from benchmarks.rule_cost.prepare import prepare
from benchmarks.rule_cost.shapes import STEADY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.report import Result

NAME = "rules"


def run(prometheus: Path, promtool: Path) -> Iterator[Result]:
    """Yield the results for one version of Prometheus."""
    with tempfile.TemporaryDirectory(prefix="watchbill-bench-") as name:
        folder = Path(name)
        stage = prepare(prometheus, promtool, folder)
        with stage.server as server:
            yield from stage.results
            yield from accuracy_results(server, stage)
            server.settle(stage.blocks)
            yield from cost_results(server, stage)
        print(f"  rules live, {live.SPEED} times as often, for {live.SPAN:.0f} s", flush=True)
        spent = live.measure(prometheus, folder / "live", server.folder / "data", stage.shapes[STEADY.name])
        yield from live_results(spent)
