"""How far the error ratio over the period is from what really happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.report import Result
from benchmarks.rule_cost.data import churn, steady
from benchmarks.rule_cost.data.history import DAY
from benchmarks.rule_cost.shapes import CHURN, STEADY, ours, pyrra, sloth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.rule_cost.prepare import Stage
    from benchmarks.rule_cost.server import HistoryServer

BENCHMARK = "rules: error of the SLI"
TRUTHS = {STEADY: steady.truth, CHURN: churn.truth}
TOLERANCE = 0.1  # percent


def accuracy_results(server: HistoryServer, stage: Stage) -> Iterator[Result]:
    for sli, truth in TRUTHS.items():
        over_30d = truth(stage.start, stage.at - 30 * DAY, stage.at)
        over_4w = truth(stage.start, stage.at - pyrra.PERIOD_SECONDS, stage.at)
        note = f"truth {over_30d.errors:,} of {over_30d.events:,}: {100 * over_30d.ratio:.4f} %"
        ratios = {
            ours.NAME: (stage.bundle.period_ratio(sli), over_30d),
            sloth.NAME: (sloth.period_ratio(sli), over_30d),
            pyrra.NAME: (pyrra.period_ratio(sli), over_4w),
        }
        for name, (ratio, real) in ratios.items():
            yield _result(name, f"{sli.name}, ratio", server.value(ratio, stage.at), real.ratio, note)
        counts = {
            ours.NAME: (stage.bundle.period_counts(sli), over_30d),
            pyrra.NAME: (pyrra.period_counts(sli), over_4w),
        }
        for name, ((errors, events), real) in counts.items():
            yield _result(name, f"{sli.name}, errors", server.value(errors, stage.at), real.errors)
            yield _result(name, f"{sli.name}, events", server.value(events, stage.at), real.events)


def _result(name: str, figure: str, shown: float, real: float, note: str = "") -> Result:
    tolerance = TOLERANCE if name == ours.NAME and figure.endswith("ratio") else None
    low = None if tolerance is None else -tolerance
    return Result(BENCHMARK, name, figure, 100 * (shown / real - 1), "%", low, tolerance, note)
