"""What the board shows of schedules that fan out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import capacity as names
from watchbill.kinds.capacity.display import SHOWN, View, line, top
from watchbill.kinds.capacity.display import display as displayed
from watchbill.model import Column, Display, Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.fanout.rules import FanoutBench

ENOUGH = (Threshold(None, State.GOOD), Threshold(0.8, State.WARNING), Threshold(1, State.BAD))


def display(bench: FanoutBench) -> Display:
    """Return the boards and panels of schedules."""
    view = View(bench.setting)
    return displayed(bench, (_table(view), *_lines(view, bench)))


def _table(view: View) -> Panel:
    needed, slots = view.worst(names.FAN_NEEDED), view.worst(names.FAN_SLOTS)
    return Panel(
        key="fanouts",
        title="Schedules that fan out",
        about="Peak: the most jobs that come within the time they may take. Needed: slots to do them in it.",
        form=Form.TABLE,
        row=Row.VERDICT,
        boards=(names.BOARD,),
        queries=(
            Query("share", f"{needed} / ({slots} > 0)", instant=True),
            Query("peak", view.worst(names.FAN_PEAK), instant=True),
            Query("needed", needed, instant=True),
            Query("slots", slots, instant=True),
        ),
        columns=(
            Column(conventions.CAPACITY, "schedules"),
            Column("share", "slots needed, of those there", Measure.RATIO, ENOUGH, bar=True),
            Column("peak", "peak", Measure.COUNT, width=100),
            Column("needed", "needed", Measure.COUNT, width=100),
            Column("slots", "slots", Measure.COUNT, width=100),
        ),
        sort="share",
        width=24,
        height=5,
    )


def _lines(view: View, bench: FanoutBench) -> Iterator[Panel]:
    yield line(
        "fanout-slots", "Slots, and slots that the peak needs", "Jobs that can run at once.", Row.LEVEL, Measure.COUNT,
        top(view, names.FAN_SLOTS, "{{capacity}} has"), top(view, names.FAN_NEEDED, "{{capacity}} needs", key="needed"),
    )  # fmt: skip
    if bench.item.named:
        yield line(
            "fanout-due",
            "Jobs that are due soon",
            "Of named schedules.",
            Row.VOLUME,
            Measure.COUNT,
            top(view, names.FAN_DUE),
        )
    by = "capacity, schedule"
    yield line(
        "fanout-age", "Time since each schedule fired", "Seconds.", Row.CAUSES, Measure.SECONDS,
        Query("value", f"topk({SHOWN}, max by ({by}) ({view.of(names.FAN_AGE)}))", "{{schedule}}"),
    )  # fmt: skip
    yield line(
        "fanout-missed", "Missed firings of an hour", "As the scheduler counts them.", Row.CAUSES, Measure.COUNT,
        Query("value", f"topk({SHOWN}, max by ({by}) ({view.of(names.FAN_MISSED)}))", "{{schedule}}"),
    )  # fmt: skip
