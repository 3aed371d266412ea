"""The error budget of a period, rolling or calendar, weighed by events or by time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal
from watchbill.durations import DAY, format_duration
from watchbill.model import RecordingRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.reads import Reads


def slice_record(facts: Facts) -> str:
    """Name of the error ratio per slow tile, which time weighting adds up."""
    return conventions.error_ratio(format_duration(facts.timing.slow))


def ratio_record(facts: Facts) -> str:
    """Name of the error ratio over the period: `slo:error:ratio30d`, `slo:error:ratio_month`."""
    period = facts.period
    return conventions.error_ratio(f"_{period.text}" if period.is_calendar else format_duration(period.length))


def base_rules(facts: Facts, reads: Reads) -> Iterator[RecordingRule]:
    """Yield what the verdict is made of, straight from slow tiles: time slices, or the budget and what was spent."""
    if facts.weighting == "time":
        yield RecordingRule(slice_record(facts), _slice(facts), facts.labels)
        return
    over = facts.period.longest or facts.period.length
    mean = facts.over_tiles(_tile(facts, "events"), over, "avg_over_time")
    expr = f"{literal(facts.budget_ratio)} * {_tiles_in_period(facts)}\n* {mean}"
    yield RecordingRule(conventions.BUDGET_EVENTS, expr, facts.labels)
    for what in ("events", "errors"):
        tile = _tile(facts, what)
        if facts.period.is_calendar:
            yield RecordingRule(conventions.stamped(what, facts.timing.slow), _stamp(facts, tile), facts.labels)
        elif (what, facts.period.length) not in reads.slow_of:
            record = conventions.window_sum(what, facts.period.length)
            yield RecordingRule(record, facts.over_tiles(tile, over), facts.labels)


def period_rules(facts: Facts) -> Iterator[RecordingRule]:
    """Yield the next level of a calendar period: sums since it began, or slices stamped with it."""
    if not facts.period.is_calendar:
        return
    slow = facts.timing.slow
    if facts.weighting == "time":
        expr = _stamp(facts, slice_record(facts))
        yield RecordingRule(conventions.stamped("slices", slow), expr, facts.labels)
        return
    for what in ("events", "errors"):
        yield RecordingRule(conventions.period_sum(what), _since_start(facts, what, "sum_over_time"), facts.labels)


def verdict_rules(facts: Facts, reads: Reads) -> Iterator[RecordingRule]:
    """Yield the error ratio over the period and the share of its budget that is left (negative: overspent)."""
    if facts.weighting == "time":
        ratio, spent = _time_spent(facts)
        left = f"1 - {spent} / ({literal(facts.budget_ratio)} * {_tiles_in_period(facts)})"
    else:
        length = facts.period.length
        names = (
            conventions.period_sum(what) if facts.period.is_calendar else conventions.window_sum(what, length)
            for what in ("errors", "events")
        )
        spent, events = (reads.slow(name) for name in names)
        ratio = f"{spent} / ({events} > 0)"
        left = f"1 - {spent} / ({reads.budget()} > 0)"
    yield RecordingRule(ratio_record(facts), ratio, facts.labels)
    yield RecordingRule(conventions.BUDGET_REMAINING, left, facts.labels)


def _time_spent(facts: Facts) -> tuple[str, str]:
    if facts.period.is_calendar:
        spent = _since_start(facts, "slices", "sum_over_time")
        return f"{spent}\n/\n{_since_start(facts, 'slices', 'count_over_time')}", spent
    record, length = slice_record(facts), facts.period.length
    return facts.over_tiles(record, length, "avg_over_time"), facts.over_tiles(record, length)


def _tile(facts: Facts, what: str) -> str:
    return conventions.tile(what, facts.timing.slow)


def _tiles_in_period(facts: Facts) -> str:
    """PromQL for how many slow tiles the period has."""
    if facts.period.is_calendar:
        return f"{literal(DAY / facts.timing.slow)} * scalar({facts.period.days})"
    return literal(facts.period.length / facts.timing.slow)


def _current(facts: Facts) -> str:
    return f'count_values("{conventions.PERIOD}", {facts.period.stamp})'


def _stamp(facts: Facts, tile: str) -> str:
    one = facts.over_tiles(tile, facts.timing.slow)
    return f"{one}\n* on () group_left ({conventions.PERIOD})\n{_current(facts)}"


def _since_start(facts: Facts, what: str, function: str) -> str:
    stamped = facts.over_tiles(conventions.stamped(what, facts.timing.slow), facts.period.longest, function)
    inner = f"  {stamped}\n  and on ({conventions.PERIOD})\n  {_current(facts)}"
    return f"sum without ({conventions.PERIOD}) (\n{inner}\n)"


def _slice(facts: Facts) -> str:
    """Error ratio of a slow tile; time without traffic is left out, good or bad, as the spec says."""
    events, errors = (facts.over_tiles(_tile(facts, w), facts.timing.slow) for w in ("events", "errors"))
    expr = f"{errors} / ({events} > 0)"
    if facts.on_no_traffic == "good":
        expr += f"\nor\n{events} == 0"
    elif facts.on_no_traffic == "bad":
        expr += f"\nor\n({events} == 0) + 1"
    return expr + (f"\nor on ()\n(vector(1) unless on () {events})" if facts.on_no_data == "bad" else "")
