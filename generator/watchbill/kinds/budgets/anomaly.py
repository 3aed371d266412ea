"""An hour against the same hour of the last four weeks, on a scale that each group's own noise sets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from watchbill import spending
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import HOUR, WEEK, offset, tiles_range
from watchbill.model import RecordingRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.ledger import Ledger

WEEKS = (1, 2, 3, 4)
QUARTILES_PER_SIGMA = 1.349
"""The quartiles of a normal distribution lie 1.349 sigma apart."""


def baseline_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield the median of the same hour one to four weeks ago, of as many weeks as there are."""
    if ledger.item.alerts.anomaly == "off":
        return
    weeks = (f'label_replace({_hour(ledger, n * WEEK)}, "week", "{n}", "", "")' for n in WEEKS)
    inner = "\n  or\n  ".join(weeks)
    yield RecordingRule(names.BASELINE, f"quantile without (week) (0.5,\n  {inner}\n)", ledger.labels)


def ratio_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield ln((y + c) / (m + c)): c, 5 % of the mean hour, keeps small hours from looking like large changes."""
    if ledger.item.alerts.anomaly == "off":
        return
    now, usual, level = _hour(ledger), ledger.slow(names.BASELINE), ledger.slow(names.LEVEL)
    c = f"{literal(spending.SMOOTHING)} * {level}"
    yield RecordingRule(names.LOG_RATIO, f"ln(({now} + {c})\n/ ({usual} + {c} > 0))", ledger.labels)


def scale_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield where log ratios lay in the last week, and how far apart: median and sigma, both robust and bounded."""
    if ledger.item.alerts.anomaly == "off":
        return

    window = tiles_range(WEEK, left_open=ledger.setting.timing.left_open)

    def quantile(q: str) -> str:
        return f"quantile_over_time({q}, {ledger.ref(names.LOG_RATIO)}[{window}])"

    bound = literal(spending.MAX_MEDIAN)
    yield RecordingRule(names.LOG_MEDIAN, f"clamp({quantile('0.5')}, -{bound}, {bound})", ledger.labels)
    spread = f"({quantile('0.75')} - {quantile('0.25')}) / {literal(QUARTILES_PER_SIGMA)}"
    yield RecordingRule(names.LOG_SIGMA, f"clamp_min({spread}, {literal(spending.MIN_SIGMA)})", ledger.labels)


def conditions(ledger: Ledger) -> Iterator[str]:
    """Yield the alert's conditions; the first one's value is how many times the usual."""
    ratio = ledger.slow(names.LOG_RATIO)
    yield f"exp({ratio})"
    sigma = f"{literal(spending.SIGMAS)} * {ledger.slow(names.LOG_SIGMA)}"
    least = literal(math.log(spending.LEAST_FACTOR))
    yield f"{ratio} - {ledger.slow(names.LOG_MEDIAN)} > clamp_min({sigma}, {least})"
    yield f"{_hour(ledger)} - {ledger.slow(names.BASELINE)} > {ledger.floor}"


def _hour(ledger: Ledger, back: int = 0) -> str:
    record = names.window_sum(names.SPEND, HOUR)
    if ledger.slow_of[names.SPEND, HOUR]:
        return ledger.slow(record, back)
    return f"{ledger.ref(record)}{offset(back)}"
