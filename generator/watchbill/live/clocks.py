"""What of a unit depends on the clock: series whose values are times, and rules that read the calendar alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill import promql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.model import Alert, RecordingRule, Unit

TIME = "time"
CALENDAR = {TIME, "year", "month", "day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute"}


def times(unit: Unit, *, inputs: bool) -> frozenset[str]:
    """Return the names of series whose values are times: the time is compared with them, or another time is."""
    rules = [rule.expr for file in unit.files if inputs or not file.reads_inputs for rule in file.records()]
    pairs = [pair for expr in (*(alert.expr for alert in unit.alerts()), *rules) for pair in _differences(expr)]
    found, before = {TIME}, set[str]()
    while found != before:
        before = set(found)
        found |= {name for one, other in pairs if one & found for name in other}
    return frozenset(found - {TIME})


def calendar(unit: Unit, alerts: Iterable[Alert]) -> list[RecordingRule]:
    """Return the rules that read the clock and nothing else, if an alert depends on one."""
    found = [rule for rule in _rules(unit) if _reads_calendar(rule.expr)]
    needed = {rule.record for rule in behind(unit, alerts)}
    return found if any(rule.record in needed for rule in found) else []


def behind(unit: Unit, alerts: Iterable[Alert]) -> list[RecordingRule]:
    """Return the rules of the unit whose results the alerts read, directly or through others."""
    rules = _rules(unit)
    left, seen = {name for alert in alerts for name in _selected(promql.parse(alert.expr))}, set[str]()
    while left:
        name = left.pop()
        seen.add(name)
        left |= {n for r in rules if r.record == name for n in _selected(promql.parse(r.expr))} - seen
    return [rule for rule in rules if rule.record in seen]


def _rules(unit: Unit) -> list[RecordingRule]:
    return [rule for file in unit.files for rule in file.records()]


def _differences(expr: str) -> Iterator[tuple[set[str], set[str]]]:
    """Yield, for each subtraction, what is read on either side and which series on the other; `time` is read, too."""
    for node in promql.nodes(promql.parse(expr)):
        if isinstance(node, promql.BinaryExpr) and str(node.op) == "-":
            for one, other in ((node.lhs, node.rhs), (node.rhs, node.lhs)):
                yield _selected(one) | (_called(one) & {TIME}), _selected(other)


def _reads_calendar(expr: str) -> bool:
    tree = promql.parse(expr)
    return not _selected(tree) and bool(_called(tree) & CALENDAR)


def _called(tree: Any) -> set[str]:
    return {node.func.name for node in promql.nodes(tree) if isinstance(node, promql.Call)}


def _selected(tree: Any) -> set[str]:
    return {selector.name for selector in promql.selectors(tree) if selector.name}
