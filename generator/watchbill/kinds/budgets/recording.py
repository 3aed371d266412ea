"""Recording rules above the tiles: sums over windows, the mean a day, and what they say of the allowance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions, spending
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import DAY, HOUR, SECOND
from watchbill.model import RecordingRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.ledger import Ledger


def window_rules(ledger: Ledger, *, slow: bool) -> Iterator[RecordingRule]:
    """Yield the window sums of one pace."""
    source = ledger.setting.timing.slow if slow else ledger.setting.timing.tile
    for (what, length), is_slow in sorted(ledger.slow_of.items()):
        if is_slow is slow:
            expr = ledger.over_tiles(names.tile(what, source), length)
            yield RecordingRule(names.window_sum(what, length), expr, ledger.labels)


def rollup_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield the slow tiles: sums of the fast ones."""
    timing = ledger.setting.timing
    for what in (names.SPEND, *(what for what, _ in ledger.counted)):
        expr = ledger.over_tiles(names.tile(what, timing.tile), timing.slow)
        yield RecordingRule(names.tile(what, timing.slow), expr, ledger.labels)


def metadata_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield what dashboards name and compare with: the budget, and allowances that are the same at any time."""
    item = ledger.item
    owner = (("owner", ledger.setting.owner),) if ledger.setting.owner else ()
    unit = item.amounts[0].unit
    said = (("title", item.shown), *owner, (conventions.PERIOD, ledger.period.text), ("unit", unit.kind))
    yield RecordingRule(names.INFO, "vector(1)", (*ledger.labels, *said))
    if ledger.shared or not ledger.pot_names or isinstance(item.allowance, tuple):
        for group, amount in ledger.allowances:
            yield RecordingRule(names.ALLOWANCE, f"vector({literal(amount.value)})", (*ledger.labels, *group))


def mean_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield the mean a day: of what there is, so that a short past is no error."""
    tiles = literal(DAY / ledger.setting.timing.slow)
    tile = names.tile(names.SPEND, ledger.setting.timing.slow)
    expr = f"{ledger.over_tiles(tile, ledger.mean_window, 'avg_over_time')} * {tiles}"
    yield RecordingRule(names.per_day(ledger.mean_window), expr, ledger.labels)


def spent_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield the share of the allowance that is spent; and the allowance, where each group has one as it appears."""
    calendar = ledger.period.is_calendar
    spent = ledger.slow(names.period_sum()) if calendar else ledger.window(names.SPEND, ledger.period.length)
    yield RecordingRule(names.SPENT, ledger.share(spent), ledger.labels)
    if ledger.pot_names and not isinstance(ledger.item.allowance, tuple):
        ((_, amount),) = ledger.allowances
        yield RecordingRule(names.ALLOWANCE, f"0 * {spent} + {literal(amount.value)}", ledger.labels)


def outlook_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield pace, forecast and time to exhaustion.

    Pace waits until a horizon was watched: on the first morning any spending is far off a plan of zero. What compares
    the spent with the clock waits until both are of one period. The forecast
    carries on the mean of whole weeks, which is neutral to weekdays; of a week it is the sum of the last seven days,
    of a day what the same hours of that weekday spent a week ago, and of a rolling window what it holds once that mean
    has filled it.
    """
    spent, planned = ledger.slow(names.SPENT), ledger.slow(names.PLANNED)
    least = literal(ledger.horizon / DAY)
    pace = f"{spent} / scalar({planned} > 0)\nand on ()\n{ledger.slow(names.WATCHED)} >= {least}{ledger.settled}"
    yield RecordingRule(names.PACE, pace, ledger.labels)
    mean = ledger.share(ledger.slow(names.per_day(ledger.mean_window)))
    if ledger.kind_of_period == "month":
        plan = ledger.item.plan
        factor = "" if plan.is_linear else f" * {literal(7 / plan.week)}"
        left = f"scalar({ledger.slow(names.PLAN_DAYS)}) * (1 - scalar({planned}))"
        forecast = f"{spent}\n+ {mean}{factor} * {left}{ledger.settled}"
    elif ledger.kind_of_period == "day":
        day, by_then = (
            ledger.slow(record, back=spending.WEEK_BEFORE)
            for record in (names.per_day(ledger.mean_window), names.period_sum())
        )
        forecast = f"{spent}\n+ {ledger.share(f'clamp_min({day} - {by_then}, 0)')}{ledger.settled}"
    else:
        forecast = f"{mean} * {literal(ledger.period.length / DAY)}"
    yield RecordingRule(names.FORECAST, forecast, ledger.labels)
    yield RecordingRule(names.EXHAUSTION, _exhaustion(ledger, spent), ledger.labels)


def _exhaustion(ledger: Ledger, spent: str) -> str:
    """Seconds until the allowance is gone at the rate of the last horizon; absent while nothing is spent.

    From a rolling window as much drops out, meanwhile, as it holds on average.
    """
    seconds = literal(ledger.horizon / SECOND)
    rate = ledger.share(ledger.window(names.SPEND, ledger.horizon))
    if not ledger.period.is_calendar:
        rate = f"({rate} - {literal(ledger.horizon / ledger.period.length)} * {spent})"
    return f"clamp_min(1 - {spent}, 0) * {seconds}\n/ ({rate} > 0)"


def level_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield the mean hour of four weeks."""
    if ledger.item.alerts.anomaly != "off":
        timing = ledger.setting.timing
        mean = ledger.over_tiles(names.tile(names.SPEND, timing.slow), 28 * DAY, "avg_over_time")
        yield RecordingRule(names.LEVEL, f"{mean} * {literal(HOUR / timing.slow)}", ledger.labels)
