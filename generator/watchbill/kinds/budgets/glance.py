"""All budgets at a glance, by queries over every budget's series: what each unit brings, and boards show once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import budgets as names
from watchbill.durations import DAY, SECOND, format_duration
from watchbill.kinds import boards
from watchbill.kinds.setting import stale_read
from watchbill.model import Column, Form, Meaning, Measure, Panel, Query, Row, State, Threshold
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.setting import Timing
    from watchbill.model import Labels

NONE, SOME_TICKET, SOME_BAD = (
    Threshold(None, State.GOOD),
    Threshold(1, State.WARNING),
    Threshold(1, State.BAD),
)
OF_ALLOWANCE = (Threshold(None, State.GOOD), Threshold(0.95, State.WARNING), Threshold(1, State.BAD))
AGAINST_PLAN = (Threshold(None, State.GOOD), Threshold(1.1, State.WARNING), Threshold(1.5, State.BAD))
LASTS = (Threshold(None, State.BAD), Threshold(DAY // SECOND, State.WARNING), Threshold(7 * DAY // SECOND, State.GOOD))
GONE = (Meaning("all spent", State.BAD, None, 0),)


@dataclass(frozen=True, slots=True)
class Scope:
    """What all budgets of a service have in common."""

    service: str
    severities: Labels
    timing: Timing


@lru_cache(maxsize=64)
def panels(scope: Scope, board: str) -> tuple[Panel, ...]:
    """Return what a board shows of all budgets that its variable chooses, or of all where it has none."""
    every = _Every(scope, chosen=board == names.KEY)
    if board == conventions.OVERVIEW:
        return (_table(every, board),)
    return (*_counts(every, board), _table(every, board), *_lines(every, board), _alerts(every, board))


class _Every:
    """Expressions by `budget`."""

    def __init__(self, scope: Scope, *, chosen: bool) -> None:
        chosen_ones = f'{conventions.BUDGET}=~"$budget"' if chosen else f'{conventions.BUDGET}!=""'
        self.mine = f"{conventions.SERVICE}={quote(scope.service)},{chosen_ones}"
        self.marked = f"{conventions.MARKER}={quote(scope.service)},{chosen_ones}"
        self._over = format_duration(stale_read(scope.timing.slow))
        self.tile = names.tile(names.SPEND, scope.timing.slow)

    def slow(self, record: str) -> str:
        return f"last_over_time({record}{{{self.mine}}}[{self._over}])"

    def firing(self, more: str = "") -> str:
        return f'ALERTS{{{self.marked},alertstate="firing"{more}}}'

    def none(self) -> str:
        return f"0 * count({self.slow(names.INFO)})"


def _counts(every: _Every, board: str) -> Iterator[Panel]:
    spent, forecast = every.slow(names.SPENT), every.slow(names.FORECAST)
    blind = f"count by (budget) ({every.slow(names.INFO)}) unless count by (budget) ({every.slow(every.tile)})"
    limited = every.firing(f',{conventions.HARNESS_LIMIT}!=""')
    for key, title, about, expr, levels in (
        ("over", "Over the allowance", "Allowances of which all is spent.", f"count({spent} >= 1)", SOME_BAD),
        ("exceeding", "Will not do", "Allowances that periods will end above.", f"count({forecast} > 1)", SOME_TICKET),
        ("limits", "Limits in force", "Limits that harnesses act upon now.", f"count({limited})", SOME_TICKET),
        ("blind", "Without data", "Budgets whose counter is gone.", f"count({blind})", SOME_TICKET),
    ):  # fmt: skip
        yield Panel(
            key=f"budgets-{key}",
            title=title,
            about=about,
            form=Form.STAT,
            row=Row.VERDICT,
            boards=(board,),
            queries=(Query(key, f"{expr} or {every.none()}", instant=True),),
            measure=Measure.COUNT,
            thresholds=(NONE, levels),
            width=4,
            height=4,
        )
    yield Panel(
        key="budgets-lasts",
        title="First one lasts",
        about="Time until the first allowance is gone at the present rate.",
        form=Form.STAT,
        row=Row.VERDICT,
        boards=(board,),
        queries=(Query("lasts", f"min({every.slow(names.EXHAUSTION)})", instant=True),),
        measure=Measure.SECONDS,
        thresholds=LASTS,
        meanings=GONE,
        empty="nothing is spent",
        width=8,
        height=4,
    )


def _table(every: _Every, board: str) -> Panel:
    def worst(op: str, record: str) -> str:
        return f"{op} by (budget) ({every.slow(record)})"

    info = f"max by (budget, title, {conventions.PERIOD}) ({every.slow(names.INFO)})"
    return Panel(
        key="budgets",
        title="Budgets",
        about="The worst group of each. Spent: share of the allowance. Pace: against the plan, 1 is as planned. "
        "Forecast: share of the allowance at the period's end. Lasts: at the present rate.",
        form=Form.TABLE,
        row=Row.VERDICT,
        boards=(board,),
        queries=(
            Query("spent", worst("max", names.SPENT), instant=True),
            Query("pace", worst("max", names.PACE), instant=True),
            Query("forecast", worst("max", names.FORECAST), instant=True),
            Query("lasts", worst("min", names.EXHAUSTION), instant=True),
            Query("info", info, instant=True),
        ),
        columns=(
            Column("title", "budget"),
            Column("spent", "spent", Measure.RATIO, OF_ALLOWANCE, bar=True),
            Column("pace", "pace", Measure.RATIO, AGAINST_PLAN, width=110),
            Column("forecast", "forecast", Measure.RATIO, OF_ALLOWANCE, width=110),
            Column("lasts", "lasts", Measure.SECONDS, LASTS, GONE, width=140),
            Column(conventions.PERIOD, "a", width=90),
        ),
        sort="spent",
        board=names.KEY if board == conventions.OVERVIEW else "",
        width=24,
        height=7,
    )


def _lines(every: _Every, board: str) -> Iterator[Panel]:
    for key, title, about, record, levels in (
        ("paces", "Pace", "Spent against the plan until now; 1 is as planned.", names.PACE, AGAINST_PLAN),
        ("forecasts", "Forecast", "Share of the allowance at the period's end.", names.FORECAST, OF_ALLOWANCE),
    ):
        yield Panel(
            key=f"budgets-{key}",
            title=title,
            about=f"{about} The worst group of each.",
            form=Form.LINES,
            row=Row.LEVEL,
            boards=(board,),
            queries=(Query(key, f"max by (budget) ({every.slow(record)})", "{{budget}}"),),
            measure=Measure.RATIO,
            thresholds=levels,
            width=12,
            height=8,
            least=0,
        )


def _alerts(every: _Every, board: str) -> Panel:
    return boards.firing(
        "budgets-firing",
        "Each alert of a budget that fires, limits too, with its runbook page.",
        board,
        every.firing(),
        row=Row.ALERTS,
        width=24,
        height=8,
    )
