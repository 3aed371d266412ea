"""Alerts on schedules that fan out: a peak ahead, too few slots for any peak, firings that were missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import cron
from watchbill.conventions import capacity as names
from watchbill.decimals import literal
from watchbill.durations import MINUTE, SECOND, format_duration
from watchbill.gotext import escaped
from watchbill.kinds.capacity.fanout import pages
from watchbill.kinds.capacity.missing import missing_alert
from watchbill.kinds.capacity.sheet import missing_page
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.fanout.rules import FanoutBench
    from watchbill.model import Alert

FAMILY = "fanout-capacity"
AHEAD_PENDING, SLOTS_PENDING, MISSED_PENDING = 2 * MINUTE, 30 * MINUTE, 2 * MINUTE


def signals(bench: FanoutBench) -> tuple[tuple[str, str], ...]:
    """Return what must be there."""
    del bench
    return (("slots", names.FAN_SLOTS), ("last firings", names.FAN_AGE), ("missed firings", names.FAN_MISSED))


def silences(bench: FanoutBench) -> dict[str, int]:
    """Return by schedule how long (ms) it may be silent; where none is named, the longest of all, under no name."""
    item = bench.item
    if not item.named:
        return {"": max(cron.longest_silence(one, item.clock) for one, _ in item.read) + item.grace}
    found: dict[str, int] = {}
    for one, fires in item.named:
        limit = cron.longest_silence(one, item.clock) + item.grace
        found[fires.schedule] = min(limit, found.get(fires.schedule, limit))
    return found


def alerts(bench: FanoutBench) -> Iterator[Alert]:
    """Yield the alerts."""
    item = bench.item
    if item.named:
        yield _ahead(bench)
    yield bench.alert(
        bench.alert_name("TooFewSlots"),
        f"{bench.read(names.FAN_NEEDED)} > {bench.read(names.FAN_SLOTS)}",
        "ticket",
        f"{escaped(item.shown)}: the peak needs {{{{ $value }}}} slots, and there are fewer",
        f"At its peak {item.peak[0]:g} jobs come within {format_duration(item.drain_within)}: with the slots there "
        "are they take longer than that.",
        family=FAMILY,
        page=pages.slots(bench),
        pending=SLOTS_PENDING,
    )
    yield _missed(bench)
    if item.on_no_data != "ignore":
        yield missing_alert(bench, signals(bench), missing_page(bench, grouped=False))


def _ahead(bench: FanoutBench) -> Alert:
    item = bench.item
    drain = literal(item.drain_within / SECOND)
    return bench.alert(
        bench.alert_name("PeakAhead"),
        f"{bench.read(names.FAN_DRAIN)} > {drain}",
        "ticket",
        f"{escaped(item.shown)}: what is due soon will take {{{{ $value | humanizeDuration }}}}",
        f"It is due within {format_duration(item.ahead)}, and may take {format_duration(item.drain_within)} with the "
        "slots that are there.",
        family=FAMILY,
        page=pages.ahead(bench),
        pending=AHEAD_PENDING,
    )


def _missed(bench: FanoutBench) -> Alert:
    """The scheduler says so, or nothing has fired for longer than the longest silence of the expression."""
    parts = [f"{bench.read(names.FAN_MISSED)} > 0"]
    for name, limit in silences(bench).items():
        age = bench.read(names.FAN_AGE)
        if name:
            age = age.replace(bench.matchers, f"{bench.matchers[:-1]},schedule={quote(name)}}}")
        parts.append(f"{age} > {literal(limit / SECOND)}")
    return bench.alert(
        bench.alert_name("MissedFiring"),
        "\nor\n".join(parts),
        "page",
        f"{escaped(bench.item.shown)}: schedule {{{{ $labels.schedule }}}} did not fire",
        "The scheduler says that it missed a firing, or it has been silent for longer than its expression ever is: the "
        "jobs it should have brought were never enqueued.",
        family=FAMILY,
        page=pages.missed(bench),
        pending=MISSED_PENDING,
    )
