"""Names of what budgets record, and of their alerts. Functions and constants only."""

from __future__ import annotations

from watchbill.conventions import camel
from watchbill.durations import format_duration

KEY = "budgets"
"""Key of the section and of its board."""
OTHER = "other"
"""Value of a group label for all that its allow-list does not name."""

SPEND, UNPRICED, COMPARED = "spend", "unpriced", "compared"
"""What is counted: what the budget is of, tokens without a price, and the same by another source."""

INFO = "budget:info"
ALLOWANCE = "budget:allowance:amount"
ELAPSED, REMAINING = "budget:elapsed:days", "budget:remaining:days"
WEEKEND_ELAPSED, WEEKEND_DAYS = "budget:weekend:elapsed_days", "budget:weekend:days"
"""Days of weekends, parts of days included, since the period began, and in all of it."""
PLAN_RATIO, PLAN_DAYS = "budget:plan:ratio", "budget:plan:days"
"""Share of the allowance that the plan spends until now, and the weight of the whole period, in working days."""
WATCHED, PLANNED = "budget:watched:days", "budget:planned:ratio"
"""Since when in this period there is data, and the share planned for just that time."""
SPENT, PACE, FORECAST = "budget:spent:ratio", "budget:pace:ratio", "budget:forecast:ratio"
EXHAUSTION = "budget:exhaustion:seconds"
BASELINE, LEVEL = "budget:spend:baseline", "budget:spend:level1h"
LOG_RATIO = "budget:spend:log_ratio"
LOG_MEDIAN, LOG_SIGMA = "budget:spend:log_ratio_median7d", "budget:spend:log_ratio_sigma7d"
RESETS = "budget:counter:resets1h"


def tile(what: str, interval: int) -> str:
    """Exact gain of one rule interval (ms): `budget:spend:increase30s`."""
    return f"budget:{what}:increase{format_duration(interval)}"


def window_sum(what: str, window: int) -> str:
    """Exact gain over a window (ms): `budget:spend:sum1h`."""
    return f"budget:{what}:sum{format_duration(window)}"


def per_day(window: int) -> str:
    """Mean gain a day over a window (ms): `budget:spend:per_day7d`."""
    return f"budget:spend:per_day{format_duration(window)}"


def stamped(interval: int) -> str:
    """Tile with the number of its calendar period as a label: `budget_period:spend:increase5m`."""
    return f"budget_period:spend:increase{format_duration(interval)}"


def seen(*, calendar: bool) -> str:
    """Time at which there was a tile, with its calendar period as a label: `budget_period:seen:timestamp_seconds`.

    Its minimum says since when a budget is watched. A rolling window has no label for it.
    """
    return "budget_period:seen:timestamp_seconds" if calendar else "budget:seen:timestamp_seconds"


def period_sum() -> str:
    """Gain since the calendar period began."""
    return "budget:spend:sum_period"


def burn_alert(budget: str, tier: str) -> str:
    """Alert of one tier: `ModelSpendBurnFast`."""
    return f"{camel(budget)}Burn{camel(tier)}"


def alert(budget: str, what: str) -> str:
    """Alert of a kind: `ModelSpendForecastExceeds`."""
    return f"{camel(budget)}{what}"


FORECAST_EXCEEDS, EXHAUSTION_SOON, EXHAUSTED = "ForecastExceeds", "ExhaustionSoon", "Exhausted"
ANOMALY, UNPRICED_TOKENS, PRICE_TABLE_OLD = "Anomaly", "Unpriced", "PriceTableOld"
COUNTER_RESETS, SOURCES_DRIFT, SIGNAL_MISSING = "CounterResets", "SourcesDrift", "SignalMissing"


def limit_alert(budget: str, when: str) -> str:
    """Alert of a limit, by its condition in kebab-case: `pace-150` -> `ModelSpendLimitPace150`."""
    return f"{camel(budget)}Limit{camel(when)}".replace(".", "_")


def limit_id(budget: str, when: str) -> str:
    """Id of a limit: `model-spend/pace-150`."""
    return f"{budget}/{when}"
