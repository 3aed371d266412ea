"""Sloth's rules for one SLO, by its source at 0e395d8: ratios of raw rates, and a mean of ratios for the period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.rule_cost.rules import Group, Rule, Shape, alert, recording
from benchmarks.rule_cost.shapes import BUDGET, Sli

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "Sloth's shape"
INTERVAL = 30.0
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
PAIRS = {"page": (("5m", "1h", 14.4), ("30m", "6h", 6)), "ticket": (("2h", "1d", 3), ("6h", "3d", 1))}


def shape(sli: Sli) -> Shape:
    groups = {"sli-recordings": _windows(sli), "meta-recordings": _metadata(sli), "alerts": _alerts(sli)}
    return Shape(NAME, tuple(Group(f"sloth-slo-{n}-{sli.name}", INTERVAL, tuple(rules)) for n, rules in groups.items()))


def history(sli: Sli) -> Group:
    """Return what must have been recorded for 30 days before the period's SLI is whole."""
    return Group(f"sloth-slo-sli-recordings-{sli.name}", INTERVAL, (_window(sli, "5m"),))


def period_ratio(sli: Sli) -> str:
    five = _ratio(sli, "5m")
    return f"sum_over_time({five}[30d]) / ignoring(sloth_window) count_over_time({five}[30d])"


def _windows(sli: Sli) -> Iterator[Rule]:
    for window in WINDOWS:
        yield _window(sli, window)
    yield recording("slo:sli_error:ratio_rate30d", period_ratio(sli), sloth_slo=sli.name, sloth_window="30d")


def _window(sli: Sli, window: str) -> Rule:
    expr = f"(sum(rate({sli.bad}[{window}])))\n/\n(sum(rate({sli.total}[{window}])))"
    return recording(f"slo:sli_error:ratio_rate{window}", expr, sloth_slo=sli.name, sloth_window=window)


def _metadata(sli: Sli) -> Iterator[Rule]:
    own = f'{{sloth_slo="{sli.name}"}}'
    budget = f"on(sloth_slo) group_left\nslo:error_budget:ratio{own}"
    expressions = {
        "slo:objective:ratio": f"vector({1 - BUDGET})",
        "slo:error_budget:ratio": f"vector(1-{1 - BUDGET})",
        "slo:time_period:days": "vector(30)",
        "slo:current_burn_rate:ratio": f"{_ratio(sli, '5m')} / {budget}",
        "slo:period_burn_rate:ratio": f"{_ratio(sli, '30d')} / {budget}",
        "slo:period_error_budget_remaining:ratio": f"1 - slo:period_burn_rate:ratio{own}",
        "sloth_slo_info": "vector(1)",
    }
    for record, expr in expressions.items():
        yield recording(record, expr, sloth_slo=sli.name)


def _alerts(sli: Sli) -> Iterator[Rule]:
    for severity, pairs in PAIRS.items():
        parts = (_pair(sli, short, long, burn * BUDGET) for short, long, burn in pairs)
        yield alert(f"{sli.name}-{severity}", "\nor\n".join(f"({part})" for part in parts), sloth_severity=severity)


def _pair(sli: Sli, short: str, long: str, threshold: float) -> str:
    return " and ".join(
        f"max({_ratio(sli, window)} > {threshold:g}) without (sloth_window)" for window in (short, long)
    )


def _ratio(sli: Sli, window: str) -> str:
    return f'slo:sli_error:ratio_rate{window}{{sloth_slo="{sli.name}"}}'
