"""What the board of capacities shows of all kinds, and how a kind spells its panels: over all items of it at once.

Nothing here names an item: a hundred of them cost as many panels as one. Of several groups the worst is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import capacity as names
from watchbill.kinds import boards
from watchbill.kinds.objectives.panels import states
from watchbill.model import Column, Display, Form, Measure, Panel, Query, Row, State, Threshold
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.capacity.base import Bench
    from watchbill.kinds.setting import Setting
    from watchbill.model import Board

SHOWN = 10
ABOUT = "Queues, schedules, sandbox pools and stores: is there enough, for how long, and what is it?"
NEUTRAL = (Threshold(None, State.NEUTRAL),)


@dataclass(frozen=True)
class View:
    """Queries over the capacities that the variable chooses. `chosen`: all of them where a board lacks the variable."""

    setting: Setting
    every: bool = False

    @property
    def mine(self) -> str:
        """Matchers on the service and the items."""
        which = f'{conventions.CAPACITY}!=""' if self.every else f'{conventions.CAPACITY}=~"${conventions.CAPACITY}"'
        return f"{conventions.SERVICE}={quote(self.setting.service)},{which}"

    def of(self, record: str) -> str:
        """Return a series of all items, seen at any pace of their rules."""
        return f"last_over_time({record}{{{self.mine}}}[15m])"

    def worst(self, record: str, op: str = "max") -> str:
        """Return the worst group of each item."""
        return f"{op} by ({conventions.CAPACITY}) ({self.of(record)})"

    def firing(self, level: str) -> str:
        """Return the alerts of a severity that fire."""
        severity = quote(self.setting.severity(level))
        mark = f"{conventions.MARKER}={quote(self.setting.service)}"
        return f'ALERTS{{{mark},{self.mine},alertstate="firing",severity={severity}}}'

    def state(self) -> str:
        """Return the worst that fires: 2 a page, 1 a ticket, 0 nothing."""
        info = self.of(names.INFO)
        return (
            f"max by ({conventions.CAPACITY}) (\n  2 * {self.firing('page')}\n  or\n  {self.firing('ticket')}\n"
            f"  or\n  0 * {info}\n)"
        )


def board(setting: Setting) -> Board:
    """Return the board of the section."""
    return boards.items(setting.service, conventions.CAPACITY, names.BOARD, ABOUT)


def line(key: str, title: str, about: str, row: Row, measure: Measure, *queries: Query) -> Panel:
    """Return a panel of lines on the section's board, one for each item."""
    return Panel(
        key=key,
        title=title,
        about=f"{about} At most {SHOWN}; of several groups the worst.",
        form=Form.LINES,
        row=row,
        boards=(names.BOARD,),
        queries=queries,
        measure=measure,
        thresholds=NEUTRAL,
        width=12,
        height=8,
        least=0,
    )


def top(view: View, record: str, legend: str = "{{capacity}}", op: str = "max", key: str = "value") -> Query:
    """Return the query for the items with most (or, by `min`, least) of something."""
    pick = "bottomk" if op == "min" else "topk"
    return Query(key, f"{pick}({SHOWN}, {view.worst(record, op)})", legend)


def display(bench: Bench, panels: tuple[Panel, ...]) -> Display:
    """Return what an item shows: what all kinds share, and the panels of its kind."""
    setting = bench.setting
    shared = (*_glance(setting), *_alerts(setting))
    return Display((boards.overview(setting.service), board(setting)), (*shared, *panels))


def _glance(setting: Setting) -> Iterator[Panel]:
    for view, key in ((View(setting), names.BOARD), (View(setting, every=True), conventions.OVERVIEW)):
        table = Panel(
            key="capacities",
            title="Capacities",
            about="The worst that fires for each queue, schedule, pool and store.",
            form=Form.TABLE,
            row=Row.VERDICT,
            boards=(key,),
            queries=(
                Query("state", view.state(), instant=True),
                Query("info", f"max by (capacity, title, kind) ({view.of(names.INFO)})", instant=True),
            ),
            columns=(
                Column("state", "state", Measure.STATE, states.STATE_LEVELS, states.STATES, width=90),
                Column("title", "capacity"),
                Column("kind", "kind", width=90),
                Column(conventions.CAPACITY, "name", width=200),
            ),
            sort="state",
            width=12,
            height=7,
        )
        yield table if key == names.BOARD else replace(table, board=names.BOARD)


def _alerts(setting: Setting) -> Iterator[Panel]:
    view = View(setting)
    matched = f'ALERTS{{{conventions.MARKER}={quote(setting.service)},{view.mine},alertstate="firing"}}'
    yield boards.firing(
        "capacity-alerts",
        "Each alert that fires, with its runbook page.",
        names.BOARD,
        matched,
        row=Row.VERDICT,
        width=12,
        height=7,
    )
    yield Panel(
        key="capacity-states",
        title="Capacities with alerts",
        about="The worst that fired; empty is good.",
        form=Form.STATES,
        row=Row.ALERTS,
        boards=(names.BOARD,),
        queries=(
            Query(
                "alerts", f"max by (capacity) (2 * {view.firing('page')} or {view.firing('ticket')})", "{{capacity}}"
            ),
        ),
        measure=Measure.STATE,
        thresholds=states.STATE_LEVELS,
        meanings=states.STATES,
        empty="no alert in this time",
        width=24,
        height=7,
    )
