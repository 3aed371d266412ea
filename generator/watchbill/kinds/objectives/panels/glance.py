"""All objectives at a glance, by queries over every objective's series: what each unit brings, and boards show once.

Nothing here names an objective: a hundred of them cost as many panels as one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import DAY, SECOND
from watchbill.kinds import boards
from watchbill.kinds.objectives.panels import states
from watchbill.kinds.objectives.panels.series import Everything, Scope
from watchbill.kinds.slis.views import plain
from watchbill.model import Column, Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN, STATES_SHOWN = 10, 14
"""Lines and rows of a panel: the worst ones."""
NONE, SOME_TICKET, SOME_PAGE = (Threshold(None, State.GOOD), Threshold(1, State.WARNING), Threshold(1, State.BAD))


@lru_cache(maxsize=64)
def panels(scope: Scope, board: str) -> tuple[Panel, ...]:
    """Return what a board shows of all objectives that its variable `slo` chooses."""
    every = Everything(scope)
    return (
        *_counts(every, board),
        _table(every, board),
        *_lines(every, board),
        *_alerts(every, board),
        _about(scope, board),
    )


def _counts(every: Everything, board: str) -> Iterator[Panel]:
    for key, title, about, expr, bad in (
        ("paging", "Paging", "Objectives of which a page is firing.", every.paging(), SOME_PAGE),
        (
            "ticket",
            "With a ticket",
            "Objectives of which a ticket, and no page, is firing.",
            every.ticket(),
            SOME_TICKET,
        ),
        (
            "blind",
            "Without data",
            "Objectives whose inputs vanished: they cannot be judged.",
            every.blind(),
            SOME_TICKET,
        ),
    ):
        yield Panel(
            key=f"objectives-{key}",
            title=title,
            about=about,
            form=Form.STAT,
            row=Row.VERDICT,
            boards=(board,),
            queries=(Query(key, expr, instant=True),),
            measure=Measure.COUNT,
            thresholds=(NONE, bad),
            width=4,
            height=4,
        )
    yield Panel(
        key="objectives-fine",
        title="OK",
        about="Objectives with data of which nothing is firing.",
        form=Form.STAT,
        row=Row.VERDICT,
        boards=(board,),
        queries=(Query("fine", every.fine(), instant=True),),
        measure=Measure.COUNT,
        thresholds=(Threshold(None, State.NEUTRAL), Threshold(1, State.GOOD)),
        width=4,
        height=4,
    )
    yield Panel(
        key="objectives-exhausted-in",
        title="First budget lasts",
        about="Time until the first budget is used up at the pace of the last hour.",
        form=Form.STAT,
        row=Row.VERDICT,
        boards=(board,),
        queries=(Query("exhausted", f"min(\n{every.exhausted_in()}\n)", instant=True),),
        measure=Measure.SECONDS,
        thresholds=(
            Threshold(None, State.BAD),
            Threshold(DAY // SECOND, State.WARNING),
            Threshold(7 * DAY // SECOND, State.GOOD),
        ),
        meanings=states.EXHAUSTION,
        width=4,
        height=4,
    )
    yield Panel(
        key="objectives-quiet",
        title="Without a page for",
        about="Time since the last page stopped firing, of the last 7 days.",
        form=Form.STAT,
        row=Row.VERDICT,
        boards=(board,),
        queries=(Query("quiet", every.quiet(), instant=True),),
        measure=Measure.SECONDS,
        thresholds=(
            Threshold(None, State.BAD),
            Threshold(600, State.WARNING),
            Threshold(DAY // SECOND, State.GOOD),
        ),
        meanings=states.QUIET,
        empty="over 7 days",
        width=4,
        height=4,
    )


def _table(every: Everything, board: str) -> Panel:
    return Panel(
        key="objectives",
        title="Objectives",
        about="The worst group of each objective. Budget: what is left of it. Lasts: until it is used up at the pace "
        "of the last hour. Burn rate: 1 uses the budget up in just its period.",
        form=Form.TABLE,
        row=Row.VERDICT,
        boards=(board,),
        queries=(
            Query("state", every.state(), instant=True),
            Query("left", f"min by (slo) ({every.left})", instant=True),
            Query("exhausted", f"min by (slo) (\n{every.exhausted_in()}\n)", instant=True),
            Query("burn", f"max by (slo) (\n{every.burn()}\n)", instant=True),
            Query("info", f"max by (slo, title, period, {conventions.DASHBOARD}) ({every.info})", instant=True),
        ),
        columns=(
            Column("state", "state", Measure.STATE, states.STATE_LEVELS, states.STATES, width=90),
            Column("title", "objective", board=conventions.DASHBOARD),
            Column("left", "budget left", Measure.RATIO, (*states.SPENT, Threshold(0.1, State.GOOD)), bar=True),
            Column("exhausted", "lasts", Measure.SECONDS, states.BURNING, states.EXHAUSTION, width=140),
            Column("burn", "burn rate, 1h", Measure.BURN_RATE, states.SUSTAINABLE, width=120),
            Column("period", "budget of", width=90),
            Column(conventions.DASHBOARD, "dashboard", width=270, board=conventions.DASHBOARD),
        ),
        sort="state",
        width=24,
        height=12 if board == conventions.OVERVIEW else 8,
    )


def _lines(every: Everything, board: str) -> Iterator[Panel]:
    slo = "{{slo}}"
    for key, row, title, about, expr, measure, levels in (
        ("budgets", Row.LEVEL, "Budgets that are lowest", "Share of the error budget that is left, worst group.",
         f"bottomk({SHOWN}, min by (slo) ({every.left}))", Measure.RATIO, (*states.SPENT, Threshold(0.1, State.GOOD))),
        ("burns", Row.LEVEL, "Budgets that burn fastest", "Burn rate over an hour, worst group; above 1 none lasts.",
         f"topk({SHOWN}, max by (slo) (\n{every.burn()}\n))", Measure.BURN_RATE, states.SUSTAINABLE),
        ("volumes", Row.VOLUME, "Events", "Events per second, of the busiest objectives.",
         f"topk({SHOWN}, sum by (slo) ({every.per_second('events')}))", Measure.PER_SECOND, states.SUSTAINABLE[:1]),
        ("error-volumes", Row.VOLUME, "Errors", "Errors per second, of the objectives with most.",
         f"topk({SHOWN}, sum by (slo) ({every.per_second('errors')}))", Measure.PER_SECOND, states.SUSTAINABLE[:1]),
    ):  # fmt: skip
        yield Panel(
            key=f"objectives-{key}",
            title=title,
            about=f"{about} At most {SHOWN}.",
            form=Form.LINES,
            row=row,
            boards=(board,),
            queries=(Query(key, expr, slo),),
            measure=measure,
            thresholds=levels,
            width=12,
            height=8,
            least=None if measure is Measure.RATIO else 0,
            most=1 if measure is Measure.RATIO else None,
        )


def _alerts(every: Everything, board: str) -> Iterator[Panel]:
    yield boards.firing(
        "alerts-firing",
        "Each alert that fires, with its runbook page.",
        board,
        every.alerts(every.firing),
        row=Row.ALERTS,
        width=10,
        height=9,
    )
    yield Panel(
        key="alerts",
        title="Objectives with alerts",
        about=f"The worst that fired, from `ALERTS`. Of the shown time, at most {STATES_SHOWN}; empty is good.",
        form=Form.STATES,
        row=Row.ALERTS,
        boards=(board,),
        queries=(Query("alerts", f"topk({STATES_SHOWN}, {every.firing_by_objective()})", "{{slo}}"),),
        measure=Measure.STATE,
        thresholds=states.STATE_LEVELS,
        meanings=states.STATES,
        empty="no alert in this time",
        width=14,
        height=9,
    )


def _about(scope: Scope, board: str) -> Panel:
    owner = plain(scope.owner) or "nobody is named"
    return Panel(
        key="about",
        title="How to read this",
        about="Who answers, and what the words mean.",
        form=Form.TEXT,
        row=Row.ABOUT,
        boards=(board,),
        text=(
            f"Service `{scope.service}`, owner: {owner}.\n\n"
            "An objective is **OK** while none of its alerts fires. The *burn rate* says how fast its error budget "
            "goes: at 1 it lasts just its period, at 14.4 a budget of 30 days is gone in two. *Lasts* is the time "
            "until the budget is used up at the pace of the last hour. Each objective's name opens its own dashboard."
        ),
        width=24,
        height=5,
    )
