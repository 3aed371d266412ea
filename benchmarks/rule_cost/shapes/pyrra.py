"""Pyrra's rules for one SLO over four weeks, by its source at 1ba95af: raw burn rates, and one increase over it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.rule_cost.rules import Group, Rule, Shape, alert, recording
from benchmarks.rule_cost.shapes import BUDGET, Sli

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "Pyrra's shape"
BURN_INTERVAL = 30.0
INCREASE_INTERVAL = 150.0
PERIOD = "4w"
PERIOD_SECONDS = 28 * 86_400
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "4d")
PAIRS = (("5m", "1h", 14, "2m"), ("30m", "6h", 7, "15m"), ("2h", "1d", 2, "1h"), ("6h", "4d", 1, "3h"))


def shape(sli: Sli) -> Shape:
    burn = Group(f"{sli.name}", BURN_INTERVAL, tuple(_burn_rates(sli)))
    return Shape(NAME, (burn, Group(f"{sli.name}-increase", INCREASE_INTERVAL, (_increase(sli),))))


def period_counts(sli: Sli) -> tuple[str, str]:
    """Return the errors and events of four weeks as the recorded increases add up."""
    return f"sum(increase({sli.bad}[{PERIOD}]))", f"sum(increase({sli.total}[{PERIOD}]))"


def period_ratio(sli: Sli) -> str:
    errors, events = period_counts(sli)
    return f"{errors} / {events}"


def _burn_rates(sli: Sli) -> Iterator[Rule]:
    for window in WINDOWS:
        expr = f"sum(rate({sli.bad}[{window}])) / sum(rate({sli.total}[{window}]))"
        yield recording(f"{sli.metric}:burnrate{window}", expr, job=sli.job, slo=sli.name)
    for short, long, factor, pending in PAIRS:
        parts = (f"{_burn_rate(sli, window)} > ({factor} * {BUDGET:g})" for window in (short, long))
        yield alert("ErrorBudgetBurn", " and ".join(parts), pending, long=long, short=short)


def _increase(sli: Sli) -> Rule:
    expr = f"sum by ({sli.label}) (increase({sli.total}[{PERIOD}]))"
    return recording(f"{sli.metric}:increase{PERIOD}", expr, job=sli.job, slo=sli.name)


def _burn_rate(sli: Sli, window: str) -> str:
    return f'{sli.metric}:burnrate{window}{{job="{sli.job}",slo="{sli.name}"}}'
