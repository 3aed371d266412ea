"""A queue's alerts. What simulation gives for their limits: tests/unit/kinds/capacity/test_queue_statistics.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.decimals import literal
from watchbill.durations import MINUTE, SECOND, format_duration
from watchbill.gotext import escaped
from watchbill.kinds.capacity.missing import expected_groups, missing_alert
from watchbill.kinds.capacity.queue import pages
from watchbill.kinds.capacity.queue.rules import wait_seconds
from watchbill.kinds.capacity.sheet import missing_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.queue.rules import QueueBench
    from watchbill.model import Alert

FAMILY = "queue-capacity"
LONG_ALREADY = 0.4
"""Of the allowed wait: a forecast alone would take each schedule's burst for a flood."""
HIGH = 0.75
"""For ten minutes: right in 86 of 100 cases, where half of the wait for three minutes is in 50 (simulated)."""
FORECAST_PENDING, HIGH_PENDING, OVERLOAD_PENDING = 2 * MINUTE, 10 * MINUTE, 30 * MINUTE
BACKLOG_PENDING, STALLED_PENDING, NONE_PENDING = 5 * MINUTE, 5 * MINUTE, 2 * MINUTE


def signals(bench: QueueBench) -> tuple[tuple[str, str], ...]:
    """Return what must be there: words and recorded series."""
    return (("waiting jobs", names.QUEUE_DEPTH), ("arrivals", bench.arrivals), ("run times", bench.served))


def alerts(bench: QueueBench) -> Iterator[Alert]:
    """Yield the alerts of a queue."""
    yield _forecast(bench)
    yield _high(bench)
    yield _overloaded(bench)
    yield _backlog(bench)
    yield _no_workers(bench)
    yield _stalled(bench)
    if bench.item.run_within is not None:
        yield _runs_long(bench, bench.item.run_within)
    if bench.item.on_no_data != "ignore":
        page = missing_page(bench, grouped=expected_groups(bench) != [()])
        yield missing_alert(bench, signals(bench), page)


def _forecast(bench: QueueBench) -> Alert:
    within = format_duration(bench.item.wait.within)
    return bench.alert(
        bench.alert_name("WaitForecast"),
        f"{bench.read(names.QUEUE_FORECAST)} > {wait_seconds(bench)}\n"
        f"and\n{bench.read(names.QUEUE_WAIT)} > {wait_seconds(bench, LONG_ALREADY)}",
        "page",
        f"{escaped(bench.item.shown)}: in 15 minutes jobs will wait {{{{ $value | humanizeDuration }}}}",
        f"More comes in than workers can take, and jobs wait long already. They may wait {within}.",
        family=FAMILY,
        page=pages.forecast(bench),
        pending=FORECAST_PENDING,
    )


def _high(bench: QueueBench) -> Alert:
    within = format_duration(bench.item.wait.within)
    return bench.alert(
        bench.alert_name("WaitHigh"),
        f"{bench.read(names.QUEUE_WAIT)} > {wait_seconds(bench, HIGH)}",
        "ticket",
        f"{escaped(bench.item.shown)}: a job that comes now waits {{{{ $value | humanizeDuration }}}}",
        f"That is more than three quarters of the {within} it may wait, for {format_duration(HIGH_PENDING)} on end.",
        family=FAMILY,
        page=pages.high(bench),
        pending=HIGH_PENDING,
    )


def _overloaded(bench: QueueBench) -> Alert:
    return bench.alert(
        bench.alert_name("Overloaded"),
        f"{bench.read(names.QUEUE_NEEDED)}\nand\n{bench.read(names.QUEUE_UTILISATION)} > 1",
        "ticket",
        f"{escaped(bench.item.shown)}: more work than its workers can do; it takes {{{{ $value }}}} slots",
        f"For {format_duration(OVERLOAD_PENDING)} arrivals of {format_duration(bench.item.arrivals_over)} have been "
        "more than all slots together can serve. Waits grow until slots are added or work is held back.",
        family=FAMILY,
        page=pages.overloaded(bench),
        pending=OVERLOAD_PENDING,
    )


def _backlog(bench: QueueBench) -> Alert:
    """The oldest job is too old; or it is late, and what waits takes too long at the pace of now.

    Where a job may wait longer than a backlog may last, the first says it all. `depth > drain x (capacity - arrivals)`
    holds where the estimate of the drain time is too long, and where there is none since more comes than goes.
    """
    age, depth = bench.read(names.QUEUE_OLDEST_READY), bench.read(names.QUEUE_DEPTH)
    drain = literal(bench.item.drain_within / SECOND)
    net = f"({bench.read(names.QUEUE_CAPACITY)} - {bench.read(bench.arrivals)})"
    stuck = f"{age} > {wait_seconds(bench)} and {depth} > {drain} * {net}"
    late = (
        f"(\n  {age} > {drain}\n  or\n  {stuck}\n)"
        if bench.item.wait.within < bench.item.drain_within
        else f"{age} > {drain}"
    )
    return bench.alert(
        bench.alert_name("NotDraining"),
        f"{late}\nand {depth} > 0",
        "page",
        f"{escaped(bench.item.shown)}: the oldest job has waited {{{{ $value | humanizeDuration }}}}",
        f"Its backlog is not worked off within {format_duration(bench.item.drain_within)}.",
        family=FAMILY,
        page=pages.backlog(bench),
        pending=BACKLOG_PENDING,
    )


def _no_workers(bench: QueueBench) -> Alert:
    return bench.alert(
        bench.alert_name("NoWorkers"),
        f"{bench.read(names.QUEUE_DEPTH)} > 0\nunless\n{bench.read(names.QUEUE_SLOTS)} > 0",
        "page",
        f"{escaped(bench.item.shown)}: no worker is there, and {{{{ $value }}}} jobs wait",
        "Nothing will start until workers are back.",
        family=FAMILY,
        page=pages.no_workers(bench),
        pending=NONE_PENDING,
    )


def _stalled(bench: QueueBench) -> Alert:
    return bench.alert(
        bench.alert_name("WorkersStalled"),
        f"{bench.read(names.QUEUE_STALLED)} > 0",
        "ticket",
        f"{escaped(bench.item.shown)}: {{{{ $value }}}} workers hang",
        "They hold slots and do not work; what they run may have to be started again.",
        family=FAMILY,
        page=pages.stalled(bench),
        pending=STALLED_PENDING,
    )


def _runs_long(bench: QueueBench, limit: int) -> Alert:
    return bench.alert(
        bench.alert_name("RunningTooLong"),
        f"{bench.read(names.QUEUE_OLDEST_RUNNING)} > {literal(limit / SECOND)}",
        "ticket",
        f"{escaped(bench.item.shown)}: a job has run for {{{{ $value | humanizeDuration }}}}",
        f"It should have ended within {format_duration(limit)}; it keeps a slot for itself.",
        family=FAMILY,
        page=pages.runs_long(bench),
        pending=STALLED_PENDING,
    )
