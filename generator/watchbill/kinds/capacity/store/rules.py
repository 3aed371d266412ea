"""A store's recording rules: its daily highs, the line through them, and when that reaches the limit.

A line through hours extrapolates the last clean-up or batch: three quarters of such forecasts are wrong. Through the
daily highs of 7 days none was (toolchain.md, "Forecast and anomaly"), and it costs a twentieth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.decimals import literal
from watchbill.durations import DAY, HOUR, MINUTE, SECOND, format_duration, round_up
from watchbill.kinds.capacity.base import Bench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.store import Store
    from watchbill.model import Alert, RecordingRule, RuleFile

ENOUGH = 0.9
"""Of the hours of the trend must have a daily high: a store that is new, or was unseen for long, has no trend."""


class StoreBench(Bench):
    """A store on its way to a Unit."""

    item: Store

    @property
    def pace(self) -> int:
        """Interval of the rules, ms: seldom, and often enough for instant reads."""
        return round_up(2 * MINUTE, self.setting.timing.tile)

    @property
    def slope(self) -> str:
        """Name of the fitted growth."""
        return names.slope(self.item.trend)

    @property
    def usual(self) -> str:
        """Name of the growth of the median day."""
        return names.usual_growth(self.item.trend)

    @property
    def enough(self) -> int:
        """Hours of the trend that must have a daily high."""
        return round(ENOUGH * self.item.trend / HOUR)


def files(bench: StoreBench, alerts: tuple[Alert, ...]) -> tuple[RuleFile, ...]:
    """Return the rules: sizes, daily highs, trends, what follows, and alerts; none reads one of its own group."""
    pace = bench.pace
    inputs = bench.groups("inputs", pace, input_rules(bench))
    groups = (
        *bench.groups("daily", pace, daily_rules(bench)),
        *bench.groups("trend", pace, trend_rules(bench)),
        *bench.groups("forecast", pace, forecast_rules(bench)),
        *bench.groups("alerts", pace, alerts),
    )
    return bench.files(inputs, groups)


def input_rules(bench: StoreBench) -> Iterator[RecordingRule]:
    """Yield what is read from the input metrics."""
    item = bench.item
    yield bench.rule(names.STORE_SIZE, item.aggregate(str(item.size)), "bytes, of all tables")
    if item.newest is not None:
        newest = item.aggregate(f"{item.newest} > 0", "max")
        yield bench.rule(names.STORE_WRITE_AGE, f"time() - {newest}", "seconds since the newest write")


def daily_rules(bench: StoreBench) -> Iterator[RecordingRule]:
    """Yield the daily high, and what holds always."""
    limit = literal(bench.item.limit)
    yield bench.rule(names.STORE_MAX, f"max_over_time({bench.ref(names.STORE_SIZE)}[1d])", "the highest of a day")
    yield bench.rule(names.STORE_FILL, f"{bench.read(names.STORE_SIZE)}\n/ {limit}", "1: full")
    yield bench.rule(names.STORE_LIMIT, f"vector({limit})", "bytes that fit")
    yield bench.info()


def trend_rules(bench: StoreBench) -> Iterator[RecordingRule]:
    """Yield growth per day: of the line through the daily highs, and of the median day."""
    over = format_duration(bench.item.trend)
    high = _high(bench)
    day = literal(DAY / SECOND)
    yield bench.rule(
        bench.slope,
        f"deriv({high}[{over}:1h]) * {day}\nand\ncount_over_time({high}[{over}:1h]) >= {bench.enough}",
        "bytes per day, by least squares",
    )
    yield bench.rule(
        bench.usual, f"quantile_over_time(0.5, ({high} - {_high(bench, DAY)})[{over}:6h])", "bytes on the median day"
    )


def _high(bench: StoreBench, back: int = 0) -> str:
    return bench.read(names.STORE_MAX, back)


def forecast_rules(bench: StoreBench) -> Iterator[RecordingRule]:
    """Yield the days left; none where it does not grow."""
    room = f"clamp_min({literal(bench.item.limit)} - {bench.read(names.STORE_MAX)}, 0)"
    yield bench.rule(
        names.STORE_DAYS_LEFT, f"{room}\n/ ({bench.read(bench.slope)} > 0)", "days until the limit is reached"
    )
