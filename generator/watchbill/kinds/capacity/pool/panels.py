"""What the board shows of pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import capacity as names
from watchbill.durations import format_duration
from watchbill.kinds.capacity.display import SHOWN, View, line, top
from watchbill.kinds.capacity.display import display as displayed
from watchbill.kinds.capacity.pool.rules import FAILED, KILLED, SLOW
from watchbill.model import Column, Display, Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.pool.rules import PoolBench
    from watchbill.kinds.capacity.shares import Share

FULL = (Threshold(None, State.GOOD), Threshold(0.85, State.WARNING), Threshold(1, State.BAD))


def display(bench: PoolBench) -> Display:
    """Return the boards and panels of a pool."""
    view = View(bench.setting)
    return displayed(bench, (_table(view), *_lines(view, bench)))


def _table(view: View) -> Panel:
    queries = (
        ("full", names.POOL_SATURATION, "max"), ("used", names.POOL_IN_USE, "sum"),
        ("fits", names.POOL_CAPACITY, "sum"), ("low", names.POOL_FLOOR, "sum"), ("minutes", names.POOL_MINUTES, "sum"),
    )  # fmt: skip
    return Panel(
        key="pools",
        title="Sandbox pools",
        about="In use: those that run or start. Low: never fewer in the last day; one that only rises is a leak.",
        form=Form.TABLE,
        row=Row.VERDICT,
        boards=(names.BOARD,),
        queries=tuple(Query(key, view.worst(record, op), instant=True) for key, record, op in queries),
        columns=(
            Column(conventions.CAPACITY, "pool"),
            Column("full", "in use, of what fits", Measure.RATIO, FULL, bar=True),
            Column("used", "in use", Measure.COUNT, width=100),
            Column("fits", "fit", Measure.COUNT, width=100),
            Column("low", "low of a day", Measure.COUNT, width=120),
            Column("minutes", "minutes per hour", Measure.NUMBER, width=150),
        ),
        sort="full",
        width=24,
        height=5,
    )


def _lines(view: View, bench: PoolBench) -> Iterator[Panel]:
    yield line(
        "pool-saturation",
        "How full pools are",
        "Share of what fits.",
        Row.LEVEL,
        Measure.RATIO,
        top(view, names.POOL_SATURATION),
    )
    words = {SLOW: "Starts that are slow", FAILED: "Starts that fail", KILLED: "Sandboxes killed for want of memory"}
    for share in bench.shares:
        yield _share(view, share, words[share.name])
    yield line(
        "pool-minutes", "Sandbox minutes per hour", "Minutes that sandboxes ran.", Row.VOLUME, Measure.NUMBER,
        top(view, names.POOL_MINUTES, op="sum"),
    )  # fmt: skip
    yield line(
        "pool-floor", "In use, and the low of a day", "A low that rises day by day is a leak.", Row.CAUSES,
        Measure.COUNT,
        top(view, names.POOL_IN_USE, "{{capacity}} in use", op="sum"),
        top(view, names.POOL_FLOOR, "{{capacity}} low", op="sum", key="low"),
    )  # fmt: skip
    if bench.item.longest is not None:
        yield line(
            "pool-oldest",
            "Age of the oldest sandbox",
            "Seconds.",
            Row.CAUSES,
            Measure.SECONDS,
            top(view, names.POOL_OLDEST),
        )


def _share(view: View, share: Share, title: str) -> Panel:
    short = share.tier.short
    n, e = (view.worst(names.share_sum(share.name, what, short), "sum") for what in ("events", "errors"))
    over = format_duration(short)
    return line(
        f"pool-{share.name.replace('_', '-')}-{over}", f"{title} ({over})", "Share of all.", Row.LEVEL, Measure.RATIO,
        Query("value", f"topk({SHOWN}, {e} / ({n} > 0))", "{{capacity}}"),
    )  # fmt: skip
