"""The clock of a period, and the tiles that belong to it: spent since it began, and since when that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions, spending
from watchbill.calendar import elapsed_days, weekend_days
from watchbill.conventions import budgets as names
from watchbill.decimals import literal
from watchbill.durations import DAY, SECOND
from watchbill.model import RecordingRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.ledger import Ledger


def clock_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield where a calendar period stands: days since it began and until it ends, and days of weekends among them."""
    period, labels = ledger.period, ledger.labels
    if not period.is_calendar:
        return
    elapsed = elapsed_days(period)
    yield RecordingRule(names.ELAPSED, elapsed, labels)
    yield RecordingRule(names.REMAINING, f"{period.days} - ({elapsed})", labels)
    if not ledger.item.plan.is_linear:
        begin = weekend_days(elapsed)
        yield RecordingRule(names.WEEKEND_ELAPSED, f"{weekend_days()}\n- {begin}", labels)
        week = ledger.kind_of_period == "week"
        whole = f"vector({spending.WEEKEND_DAYS})" if week else f"{weekend_days(elapsed, period.days)}\n- {begin}"
        yield RecordingRule(names.WEEKEND_DAYS, whole, labels)


def plan_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield what the plan makes of the clock: the weight of the period, and the share of it that has passed.

    All of it is read as one evaluation recorded it, so that nothing of two periods is mixed.
    """
    if not ledger.period.is_calendar:
        return
    elapsed, remaining = ledger.slow(names.ELAPSED), ledger.slow(names.REMAINING)
    total = f"{elapsed} + {remaining}"
    if not ledger.item.plan.is_linear:
        off = literal(1 - ledger.item.plan.weekend)
        total = f"{total} - {off} * {ledger.slow(names.WEEKEND_DAYS)}"
        elapsed = f"({elapsed} - {off} * {ledger.slow(names.WEEKEND_ELAPSED)})"
    yield RecordingRule(names.PLAN_DAYS, total, ledger.labels)
    yield RecordingRule(names.PLAN_RATIO, f"{elapsed}\n/ ({total})", ledger.labels)


def stamp_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield tiles with the number of the calendar period they end in, and the times at which there were any."""
    slow = ledger.setting.timing.slow
    tile = ledger.over_tiles(names.tile(names.SPEND, slow), slow)
    calendar = ledger.period.is_calendar
    if calendar:
        yield RecordingRule(names.stamped(slow), stamped_by(ledger, tile), ledger.labels)
    yield RecordingRule(names.seen(calendar=calendar), seen(ledger, tile), ledger.labels)


def seen(ledger: Ledger, tile: str) -> str:
    """Return the time, wherever there is a tile of any group."""
    any_group = f"max without ({', '.join(ledger.group_names)}) ({tile})" if ledger.group_names else tile
    time = f"0 * {any_group} + time()"
    return stamped_by(ledger, f"({time})") if ledger.period.is_calendar else time


def stamped_by(ledger: Ledger, expr: str) -> str:
    """Return an expression with the number of the calendar period as a label."""
    return f"{expr}\n* on () group_left ({conventions.PERIOD})\n{_current(ledger)}"


def since_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield what was spent since the period began, and since when tiles were there: the first one is as long as all."""
    slow = ledger.setting.timing.slow
    calendar = ledger.period.is_calendar
    first = ledger.over_tiles(
        names.seen(calendar=calendar), ledger.period.longest or ledger.period.length, "min_over_time"
    )
    if calendar:
        added = ledger.over_tiles(names.stamped(slow), ledger.period.longest)
        yield RecordingRule(names.period_sum(), _in_period(ledger, added), ledger.labels)
        first = _in_period(ledger, first)
    expr = f"(time() + {slow // SECOND} - {first}) / {DAY // SECOND}"
    yield RecordingRule(names.WATCHED, expr, ledger.labels)


def planned_rules(ledger: Ledger) -> Iterator[RecordingRule]:
    """Yield the share of the allowance that is planned for the part of the period that was watched."""
    watched = ledger.slow(names.WATCHED)
    if ledger.period.is_calendar:
        ratio, elapsed = (f"scalar({ledger.slow(record)})" for record in (names.PLAN_RATIO, names.ELAPSED))
        expr = f"{ratio} * clamp_max({watched} / {elapsed}, 1)"
    else:
        expr = f"clamp_max({watched} / {literal(ledger.period.length / DAY)}, 1)"
    yield RecordingRule(names.PLANNED, expr, ledger.labels)


def _in_period(ledger: Ledger, expr: str) -> str:
    return f"sum without ({conventions.PERIOD}) (\n  {expr}\n  and on ({conventions.PERIOD})\n  {_current(ledger)}\n)"


def _current(ledger: Ledger) -> str:
    return f'count_values("{conventions.PERIOD}", {ledger.period.stamp})'
