"""Runbook pages of a store's alerts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchbill.conventions import capacity as names
from watchbill.decimals import percent
from watchbill.durations import format_duration
from watchbill.kinds.capacity.sheet import page
from watchbill.kinds.capacity.sizes import spoken_size
from watchbill.model import Check, Fact, Use

if TYPE_CHECKING:
    from watchbill.kinds.capacity.sheet import Sheet
    from watchbill.kinds.capacity.store.rules import StoreBench
    from watchbill.model import Content, Page


def filling(bench: StoreBench) -> Page:
    """Return the page of the ticket."""
    before = format_duration(bench.item.warn_before)
    hurts = "Nothing yet: there is time to make room, or to order it, without hurry."
    fact = Fact("Fires at", before, "before it is full, for 1h")
    return page(bench, "Filling", partial(_content, bench, f"full within {before}", hurts, (fact, *_trend(bench))))


def full_soon(bench: StoreBench) -> Page:
    """Return the page of the page."""
    before = format_duration(bench.item.page_before)
    hurts = f"Within {before} writes begin to fail: checkpoints are lost, and runs with them."
    fact = Fact("Fires at", before, "before it is full, for 15m")
    return page(bench, "FullSoon", partial(_content, bench, f"full within {before}", hurts, (fact, *_trend(bench))))


def nearly_full(bench: StoreBench) -> Page:
    """Return the page of the level."""
    above = percent(bench.item.page_above)
    hurts = "Writes are about to fail: what is to be stored next may not fit."
    fact = Fact("Fires at", above, f"of {spoken_size(bench.item.limit)}, for 15m")
    return page(bench, "NearlyFull", partial(_content, bench, f"more than {above} full", hurts, (fact,)))


def stopped(bench: StoreBench) -> Page:
    """Return the page of writes that stopped."""
    within = format_duration(bench.item.writes.within) if bench.item.writes else ""
    hurts = "Nothing is stored any more: runs that end now cannot be resumed, and nobody else may have noticed."
    fact = Fact("Fires at", within, "without a write, for 10m")
    return page(bench, "StoppedWriting", partial(_content, bench, f"nothing written for {within}", hurts, (fact,)))


def _trend(bench: StoreBench) -> tuple[Fact, ...]:
    item = bench.item
    return (
        Fact("Fits", spoken_size(item.limit), "by the spec, not by the disk: raise it there when there is more room"),
        Fact("Trend", format_duration(item.trend), "of daily highs; a store that was seen for less has none"),
        Fact("Guard", percent(item.guard), "full at least, and growing on most days, or a forecast counts nothing"),
    )


def _content(bench: StoreBench, brief: str, hurts: str, facts: tuple[Fact, ...], sheet: Sheet) -> Content:
    checks = [
        Check("fill", "How full is it?", sheet.slow(names.STORE_FILL), "1 is full", always=True),
        Check("left", "How many days are left?", sheet.slow(names.STORE_DAYS_LEFT), "no result: it does not grow"),
        Check("slope", "How fast does it grow?", sheet.slow(bench.slope), "bytes a day, over all days"),
        Check("usual", "And on the median day?", sheet.slow(bench.usual), "bytes a day; far less: it was one jump"),
        Check("parts", "Which part grows?",
              f"sort_desc(sum by (store, table) ({sheet.on(bench.item.size)})\n"
              f"- sum by (store, table) ({sheet.on(bench.item.size)} offset 1d))",
              "bytes that came in a day, most first; no result: it is not divided, or is new"),
        Check("room", "Is there room again?", f"{sheet.slow(names.STORE_FILL)} < {bench.item.page_above:g}",
              "a result: below the level that pages", Use.RECOVERY),
    ]  # fmt: skip
    if bench.item.newest is not None:
        checks.insert(0, Check("age", "When was it written to?", sheet.slow(names.STORE_WRITE_AGE), "seconds ago"))
    return sheet.content(brief, hurts, facts, tuple(checks))
