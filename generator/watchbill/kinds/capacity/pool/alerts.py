"""A pool's alerts: room, starts, kills, and sandboxes that never end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.decimals import literal, percent
from watchbill.durations import DAY, HOUR, MINUTE, SECOND, format_duration
from watchbill.gotext import escaped
from watchbill.kinds.capacity.missing import expected_groups, missing_alert
from watchbill.kinds.capacity.pool import pages
from watchbill.kinds.capacity.pool.rules import FAILED, SHARE_ALERTS, SLOW
from watchbill.kinds.capacity.shares import Share, windows_of
from watchbill.kinds.capacity.sheet import missing_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.pool.rules import PoolBench
    from watchbill.model import Alert

FAMILY = "pool-capacity"
SATURATED_PENDING, EXHAUSTED_PENDING, OLD_PENDING, LEAK_PENDING = 10 * MINUTE, 5 * MINUTE, 10 * MINUTE, HOUR
RISE, RISE_LEAST, STARTS_RISE = 1.2, 2, 1.1
"""A leak: a day's low is a fifth higher than the day before, by more than two, with hardly more starts."""


def signals(bench: PoolBench) -> tuple[tuple[str, str], ...]:
    """Return what must be there."""
    starts = names.share_tile(FAILED, "events", bench.setting.timing.tile)
    return (("sandboxes in use", names.POOL_IN_USE), ("capacity", names.POOL_CAPACITY), ("starts", starts))


def alerts(bench: PoolBench) -> Iterator[Alert]:
    """Yield the alerts of a pool."""
    item, shown = bench.item, escaped(bench.item.shown)
    yield bench.alert(
        bench.alert_name("Saturated"),
        f"{bench.read(names.POOL_SATURATION)} > {literal(item.saturation)}",
        "ticket",
        f"{shown}: {{{{ $value | humanizePercentage }}}} in use",
        f"More than {percent(item.saturation)} for {format_duration(SATURATED_PENDING)}: a burst will have to wait.",
        family=FAMILY,
        page=pages.saturated(bench),
        pending=SATURATED_PENDING,
    )
    yield bench.alert(
        bench.alert_name("Exhausted"),
        f"{bench.read(names.POOL_SATURATION)} >= 1",
        "page",
        f"{shown}: all sandboxes are in use",
        f"Nothing has been free for {format_duration(EXHAUSTED_PENDING)}: runs that need a sandbox wait or fail.",
        family=FAMILY,
        page=pages.exhausted(bench),
        pending=EXHAUSTED_PENDING,
    )
    for share in bench.shares:
        yield _share(bench, share)
    if item.longest is not None:
        yield bench.alert(
            bench.alert_name("TooOld"),
            f"{bench.read(names.POOL_OLDEST)} > {literal(item.longest / SECOND)}",
            "ticket",
            f"{shown}: a sandbox is {{{{ $value | humanizeDuration }}}} old",
            f"None should run for more than {format_duration(item.longest)}: its run has ended, or never will.",
            family=FAMILY,
            page=pages.too_old(bench),
            pending=OLD_PENDING,
        )
    yield _leak(bench)
    if item.on_no_data != "ignore":
        page = missing_page(bench, grouped=expected_groups(bench) != [()])
        yield missing_alert(bench, signals(bench), page)


def _share(bench: PoolBench, share: Share) -> Alert:
    what = {
        SLOW: ("of starts are too slow", "Users wait for the first step of their run."),
        FAILED: ("of starts fail", "Runs that need a sandbox fail or are tried again."),
    }.get(share.name, ("of sandboxes are killed for want of memory", "What ran in them is lost."))
    return bench.alert(
        bench.alert_name(SHARE_ALERTS[share.name]),
        share.condition(),
        "page" if share.name in {SLOW, FAILED} else "ticket",
        f"{escaped(bench.item.shown)}: {{{{ $value | humanizePercentage }}}} {what[0]}",
        f"{what[1]} More than {percent(float(f'{share.limit:.3g}'))} in {windows_of(share)}; {percent(share.allowed)} "
        "is allowed.",
        family=FAMILY,
        page=pages.share(bench, share),
    )


def _leak(bench: PoolBench) -> Alert:
    low, before = bench.read(names.POOL_FLOOR), bench.read(names.POOL_FLOOR, DAY)
    starts, earlier = bench.read(names.POOL_STARTS), bench.read(names.POOL_STARTS, DAY)
    return bench.alert(
        bench.alert_name("Leak"),
        f"{low} > {literal(RISE)} * {before}\nand\n{low} > {before} + {literal(RISE_LEAST)}\n"
        f"and\n{starts} <= {literal(STARTS_RISE)} * {earlier}",
        "ticket",
        f"{escaped(bench.item.shown)}: never fewer than {{{{ $value }}}} in use, and rising",
        "The lowest of a day is a fifth above that of the day before, without more starts: sandboxes do not end.",
        family=FAMILY,
        page=pages.leak(bench),
        pending=LEAK_PENDING,
    )
