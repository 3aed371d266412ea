"""A store's alerts: will be full, nearly is, is not written to any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.decimals import literal, percent
from watchbill.durations import DAY, HOUR, MINUTE, SECOND, format_duration
from watchbill.gotext import escaped
from watchbill.kinds.capacity.missing import expected_groups, missing_alert
from watchbill.kinds.capacity.sheet import missing_page
from watchbill.kinds.capacity.sizes import spoken_size
from watchbill.kinds.capacity.store import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.store.rules import StoreBench
    from watchbill.model import Alert

FAMILY = "store-capacity"
USUAL = 0.5
"""The median day must grow by this share of the trend: one jump in a week tilts the line, and not the median."""
TICKET_PENDING, PAGE_PENDING, WRITES_PENDING = HOUR, 15 * MINUTE, 10 * MINUTE


def signals(bench: StoreBench) -> tuple[tuple[str, str], ...]:
    """Return what must be there."""
    del bench
    return (("size", names.STORE_SIZE),)


def alerts(bench: StoreBench) -> Iterator[Alert]:
    """Yield the alerts of a store."""
    item = bench.item
    yield _forecast(bench, "Filling", "ticket", item.warn_before, TICKET_PENDING)
    yield _forecast(bench, "FullSoon", "page", item.page_before, PAGE_PENDING)
    yield _level(bench)
    if item.writes is not None:
        yield _stopped(bench, item.writes.within)
    if item.on_no_data != "ignore":
        page = missing_page(bench, grouped=expected_groups(bench) != [()])
        yield missing_alert(bench, signals(bench), page)


def _forecast(bench: StoreBench, what: str, level: str, before: int, pending: int) -> Alert:
    """Full within a time, full enough to matter, and growing on most days: three conditions."""
    item = bench.item
    return bench.alert(
        bench.alert_name(what),
        f"{bench.read(names.STORE_DAYS_LEFT)} < {literal(before / DAY)}\n"
        f"and\n{bench.read(names.STORE_FILL)} > {literal(item.guard)}\n"
        f"and\n{bench.read(bench.usual)} > {literal(USUAL)} * {bench.read(bench.slope)}",
        level,
        f'{escaped(item.shown)}: full in {{{{ printf "%.1f" $value }}}} days',
        f"At the pace of its daily highs of {format_duration(item.trend)} it reaches {spoken_size(item.limit)} within "
        f"{format_duration(before)}.",
        family=FAMILY,
        page=pages.filling(bench) if what == "Filling" else pages.full_soon(bench),
        pending=pending,
    )


def _level(bench: StoreBench) -> Alert:
    item = bench.item
    return bench.alert(
        bench.alert_name("NearlyFull"),
        f"{bench.read(names.STORE_FILL)} > {literal(item.page_above)}",
        "page",
        f"{escaped(item.shown)}: {{{{ $value | humanizePercentage }}}} full",
        f"Above {percent(item.page_above)} of {spoken_size(item.limit)}: the next batch may not fit.",
        family=FAMILY,
        page=pages.nearly_full(bench),
        pending=PAGE_PENDING,
    )


def _stopped(bench: StoreBench, within: int) -> Alert:
    return bench.alert(
        bench.alert_name("StoppedWriting"),
        f"{bench.read(names.STORE_WRITE_AGE)} > {literal(within / SECOND)}",
        "ticket",
        f"{escaped(bench.item.shown)}: nothing written for {{{{ $value | humanizeDuration }}}}",
        f"Something should be written every {format_duration(within)}: what is not stored cannot be resumed.",
        family=FAMILY,
        page=pages.stopped(bench),
        pending=WRITES_PENDING,
    )
