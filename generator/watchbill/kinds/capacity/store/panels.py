"""What the board shows of stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import capacity as names
from watchbill.durations import format_duration
from watchbill.kinds.capacity.display import View, line, top
from watchbill.kinds.capacity.display import display as displayed
from watchbill.model import Column, Display, Form, Meaning, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.store.rules import StoreBench

FILL = (Threshold(None, State.GOOD), Threshold(0.8, State.WARNING), Threshold(0.95, State.BAD))
LEFT = (Threshold(None, State.BAD), Threshold(2, State.WARNING), Threshold(14, State.GOOD))
NEVER = 36500
GROWTH = (Meaning("does not grow", State.GOOD, NEVER, None),)


def display(bench: StoreBench) -> Display:
    """Return the boards and panels of a store."""
    view = View(bench.setting)
    return displayed(bench, (_table(view), *_lines(view, bench)))


def _left(view: View) -> str:
    """Return the days left; a century where it does not grow."""
    return f"{view.worst(names.STORE_DAYS_LEFT, 'min')}\nor\n{view.worst(names.STORE_FILL)} * 0 + {NEVER}"


def _table(view: View) -> Panel:
    return Panel(
        key="stores",
        title="Stores",
        about="How full, and when it will be, at the pace of the daily highs of a week or more.",
        form=Form.TABLE,
        row=Row.VERDICT,
        boards=(names.BOARD,),
        queries=(
            Query("fill", view.worst(names.STORE_FILL), instant=True),
            Query("left", _left(view), instant=True),
            Query("size", view.worst(names.STORE_SIZE), instant=True),
            Query("limit", view.worst(names.STORE_LIMIT), instant=True),
        ),
        columns=(
            Column(conventions.CAPACITY, "store"),
            Column("fill", "full", Measure.RATIO, FILL, bar=True),
            Column("left", "days left", Measure.NUMBER, LEFT, GROWTH, width=140),
            Column("size", "size", Measure.BYTES, width=120),
            Column("limit", "fits", Measure.BYTES, width=120),
        ),
        sort="fill",
        width=24,
        height=5,
    )


def _lines(view: View, bench: StoreBench) -> Iterator[Panel]:
    yield line(
        "store-fill",
        "How full stores are",
        "Share of what fits.",
        Row.LEVEL,
        Measure.RATIO,
        top(view, names.STORE_FILL),
    )
    yield line("store-size", "Size of stores", "Bytes.", Row.VOLUME, Measure.BYTES, top(view, names.STORE_SIZE))
    over = format_duration(bench.item.trend)
    yield line(
        f"store-growth-{over}", f"Growth of stores a day ({over})",
        "Of the line through the daily highs, and of the median day. Far apart: one jump, no trend.", Row.CAUSES,
        Measure.BYTES,
        top(view, bench.slope, "{{capacity}} trend"), top(view, bench.usual, "{{capacity}} median day", key="usual"),
    )  # fmt: skip
