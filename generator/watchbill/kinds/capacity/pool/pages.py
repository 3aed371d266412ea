"""Runbook pages of a pool's alerts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.decimals import percent
from watchbill.durations import DAY, format_duration, offset
from watchbill.kinds.capacity.pool.rules import SHARE_ALERTS
from watchbill.kinds.capacity.shares import windows_of
from watchbill.kinds.capacity.sheet import page
from watchbill.model import Check, Fact, Use

if TYPE_CHECKING:
    from watchbill.kinds.capacity.pool.rules import PoolBench
    from watchbill.kinds.capacity.shares import Share
    from watchbill.kinds.capacity.sheet import Sheet
    from watchbill.model import Content, Page


def saturated(bench: PoolBench) -> Page:
    """Return the page of a pool with little room."""
    at = percent(bench.item.saturation)
    hurts = "Nothing yet. The next burst of runs will wait for sandboxes."
    return _page(
        bench, "Saturated", f"more than {at} in use", hurts, (Fact("Fires at", at, "of its capacity, for 10m"),)
    )


def exhausted(bench: PoolBench) -> Page:
    """Return the page of a pool without room."""
    hurts = "Runs that need a sandbox wait, or fail: none is free."
    return _page(
        bench, "Exhausted", "no sandbox is free", hurts, (Fact("Fires at", "100%", "of its capacity, for 5m"),)
    )


def too_old(bench: PoolBench) -> Page:
    """Return the page of a sandbox that does not end."""
    at = format_duration(bench.item.longest or 0)
    hurts = "A sandbox runs that nobody uses: it takes room, costs money, and may hold what should be gone."
    return _page(bench, "TooOld", f"a sandbox is older than {at}", hurts, (Fact("Fires at", at, "of age, for 10m"),))


def leak(bench: PoolBench) -> Page:
    """Return the page of sandboxes that pile up."""
    hurts = "Sandboxes do not end. Day by day fewer are left for work, until none is."
    facts = (Fact("Fires at", "+20%", "of a day's lowest number over the day before, by more than 2"),
             Fact("Unless", "+10%", "or more starts explain it"))  # fmt: skip
    return _page(bench, "Leak", "sandboxes do not end", hurts, facts)


def share(bench: PoolBench, one: Share) -> Page:
    """Return the page of a share of bad events."""
    hurts = {
        "slow_starts": "Users wait for the first step of their run: sandboxes start too slowly.",
        "failed_starts": "Runs fail at their first step, or are tried again: sandboxes do not start.",
    }.get(one.name, "Work is lost halfway: sandboxes run out of memory and are killed.")
    at = percent(float(f"{one.limit:.3g}"))
    within = bench.item.start.within if one.name == "slow_starts" and bench.item.start else 0
    facts = (
        Fact("Fires at", at, f"in {windows_of(one)} at once; {percent(one.allowed)} is allowed"),
        *([Fact("Slow is", format_duration(within), "or more, from asked for to ready")] if within else []),
        Fact("Guard", "chance below 0.1%", "or it does not fire: few starts vary"),
    )
    return _page(bench, SHARE_ALERTS[one.name], f"{at} of them, in {windows_of(one)}", hurts, facts, one)


def _page(
    bench: PoolBench, what: str, brief: str, hurts: str, facts: tuple[Fact, ...], share: Share | None = None
) -> Page:
    return page(bench, what, partial(_content, bench, brief, hurts, facts, share))


def _content(
    bench: PoolBench, brief: str, hurts: str, facts: tuple[Fact, ...], share: Share | None, sheet: Sheet
) -> Content:
    checks = [
        Check("saturation", "How full is it?", sheet.ref(names.POOL_SATURATION), "1: nothing is free", always=True),
        Check("used", "How many are in use?", sheet.ref(names.POOL_IN_USE), "sandboxes that run or start"),
        Check("fits", "How many fit?", sheet.ref(names.POOL_CAPACITY), "sandboxes; fewer than usual: hosts went"),
        Check("floor", "Do they end? The lowest of a day", sheet.ref(names.POOL_FLOOR), "as the day before"),
        Check("floor-before", "And the day before?", f"{sheet.ref(names.POOL_FLOOR)}{offset(DAY)}", "lower: a leak"),
        Check("minutes", "How much do they run?", sheet.ref(names.POOL_MINUTES), "sandbox minutes per hour"),
        Check("free", "Is there room again?", f"{sheet.ref(names.POOL_SATURATION)} <= {bench.item.saturation:g}",
              "a result: below the level of the ticket", Use.RECOVERY),
    ]  # fmt: skip
    for one in (share,) if share else bench.shares:
        long = one.tier.long
        n, e = (sheet.ref(names.share_sum(one.name, what, long)) for what in ("events", "errors"))
        title = {"slow_starts": "How many starts are slow?", "failed_starts": "How many starts fail?"}
        title_of = title.get(one.name, "How many are killed for want of memory?")
        check = Check(
            one.name,
            title_of,
            f"{e} / ({n} > 0)",
            f"share of {format_duration(long)}; up to {one.allowed:g} is allowed",
        )
        checks.insert(0 if share else len(checks) - 1, check)
    if bench.item.longest is not None:
        checks.insert(3, Check("oldest", "How old is the oldest?", sheet.ref(names.POOL_OLDEST), "seconds"))
    return sheet.content(brief, hurts, facts, tuple(checks))
