"""What the board shows of queues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import capacity as names
from watchbill.kinds.capacity.display import View, line, top
from watchbill.kinds.capacity.display import display as displayed
from watchbill.model import Column, Display, Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.queue.rules import QueueBench

OF_LIMIT = (Threshold(None, State.GOOD), Threshold(0.5, State.WARNING), Threshold(1, State.BAD))
LOAD = (Threshold(None, State.GOOD), Threshold(0.9, State.WARNING), Threshold(1, State.BAD))


def display(bench: QueueBench) -> Display:
    """Return the boards and panels of a queue."""
    view = View(bench.setting)
    return displayed(bench, (_table(view), *_lines(view, bench)))


def _table(view: View) -> Panel:
    return Panel(
        key="queues",
        title="Queues",
        about="Wait: how long a job that comes now waits until it starts, and one that comes in 15 minutes. Load: 100% "
        "keeps every slot busy. Needed: slots for what comes and for what waits.",
        form=Form.TABLE,
        row=Row.VERDICT,
        boards=(names.BOARD,),
        queries=(
            Query("share", f"{view.worst(names.QUEUE_WAIT)} / {view.worst(names.QUEUE_WAIT_LIMIT)}", instant=True),
            *(
                Query(key, view.worst(record, op), instant=True)
                for key, record, op in (
                    ("wait", names.QUEUE_WAIT, "max"), ("forecast", names.QUEUE_FORECAST, "max"),
                    ("load", names.QUEUE_UTILISATION, "max"), ("waiting", names.QUEUE_DEPTH, "sum"),
                    ("oldest", names.QUEUE_OLDEST_READY, "max"), ("slots", names.QUEUE_SLOTS, "sum"),
                    ("needed", names.QUEUE_NEEDED, "sum"),
                )
            ),
        ),
        columns=(
            Column(conventions.CAPACITY, "queue"),
            Column("share", "wait, of what it may", Measure.RATIO, OF_LIMIT, bar=True),
            Column("wait", "wait", Measure.SECONDS, width=110),
            Column("forecast", "in 15m", Measure.SECONDS, width=110),
            Column("load", "load", Measure.RATIO, LOAD, width=90),
            Column("waiting", "waiting", Measure.COUNT, width=90),
            Column("oldest", "oldest", Measure.SECONDS, width=110),
            Column("slots", "slots", Measure.COUNT, width=80),
            Column("needed", "needed", Measure.COUNT, width=80),
        ),
        sort="share",
        width=24,
        height=6,
    )  # fmt: skip


def _lines(view: View, bench: QueueBench) -> Iterator[Panel]:
    yield line(
        "queue-waits", "Wait in queues", "Seconds until a job that comes at that time starts.", Row.LEVEL,
        Measure.SECONDS,
        top(view, names.QUEUE_WAIT), top(view, names.QUEUE_FORECAST, "{{capacity}} in 15m", key="forecast"),
    )  # fmt: skip
    yield line(
        "queue-load", "Load of workers", "Arrivals as a share of what all slots can do; above 100% waits grow.",
        Row.LEVEL, Measure.RATIO, top(view, names.QUEUE_UTILISATION),
    )  # fmt: skip
    yield line(
        "queue-depth", "Jobs that wait", "Jobs.", Row.VOLUME, Measure.COUNT, top(view, names.QUEUE_DEPTH, op="sum")
    )
    yield line(
        f"queue-flow-{bench.arrivals.rsplit(':', 1)[1]}",
        f"What comes, and what could be done ({bench.arrivals.rsplit('rate', 1)[1]})",
        "Jobs per second.", Row.VOLUME, Measure.PER_SECOND,
        top(view, bench.arrivals, "{{capacity}} comes", op="sum"),
        top(view, names.QUEUE_CAPACITY, "{{capacity}} could be done", op="sum", key="capacity"),
    )  # fmt: skip
    yield line(
        "queue-slots", "Slots, and slots needed", "Jobs that can run at once.", Row.CAUSES, Measure.COUNT,
        top(view, names.QUEUE_SLOTS, "{{capacity}} has", op="sum"),
        top(view, names.QUEUE_NEEDED, "{{capacity}} needs", op="sum", key="needed"),
    )  # fmt: skip
    yield line(
        f"queue-service-{bench.service.rsplit(':', 1)[1]}", "How long a job runs",
        "Mean; twice as long takes twice the slots.",
        Row.CAUSES, Measure.SECONDS, top(view, bench.service),
    )  # fmt: skip
    yield line(
        "queue-oldest", "The oldest that waits, the oldest that runs", "Far above the others: stuck, or passed over.",
        Row.CAUSES, Measure.SECONDS,
        top(view, names.QUEUE_OLDEST_READY, "{{capacity}} waits"),
        top(view, names.QUEUE_OLDEST_RUNNING, "{{capacity}} runs", key="running"),
    )  # fmt: skip
    yield line(
        "queue-stalled",
        "Workers that hang",
        "Workers.",
        Row.CAUSES,
        Measure.COUNT,
        top(view, names.QUEUE_STALLED, op="sum"),
    )
