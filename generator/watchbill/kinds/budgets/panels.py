"""Panels of budgets: all of them at a glance on the overview and on a board of their own, and each by itself there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.conventions import budgets as names
from watchbill.decimals import percent
from watchbill.durations import HOUR, tiles_range
from watchbill.kinds import boards
from watchbill.kinds.budgets import glance, texts
from watchbill.kinds.budgets.amounts import MEASURES
from watchbill.kinds.slis.views import RATE, plain
from watchbill.model import Display, Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.kinds.budgets.ledger import Ledger

LEVELS = (Threshold(None, State.GOOD), Threshold(0.95, State.WARNING), Threshold(1, State.BAD))
NEUTRAL = (Threshold(None, State.NEUTRAL),)
SHOWN = 10


def display(ledger: Ledger) -> Display:
    """Return what the budget shows."""
    service = ledger.setting.service
    about = "What may be spent, what is spent, for how long it lasts, and who spends it."
    own = boards.items(service, conventions.BUDGET, names.KEY, about)
    shared = (
        *glance.panels(glance.Scope(service, ledger.setting.severities, ledger.setting.timing), names.KEY),
        *glance.panels(glance.Scope(service, ledger.setting.severities, ledger.setting.timing), conventions.OVERVIEW),
    )
    return Display((boards.overview(service), own), (*shared, *_own(ledger)))


def _own(ledger: Ledger) -> Iterator[Panel]:
    name, title = ledger.item.name, ledger.item.shown
    spent = Query("spent", ledger.slow(names.SPENT), _legend(ledger.pot_names) or "spent")
    planned = Query("planned", ledger.slow(names.PLANNED), "planned by now", reference=True)
    yield Panel(
        key=f"{name}-spent",
        title=f"{title}: spent",
        about=f"Share of the allowance that is spent, and what was planned by now. {texts.allowance(ledger)} "
        f"{texts.per(ledger)}.",
        form=Form.LINES,
        row=Row.LEVEL,
        boards=(names.KEY,),
        queries=(spent, planned),
        measure=Measure.RATIO,
        thresholds=LEVELS,
        width=12,
        height=8,
        least=0,
    )
    tile = ledger.ref(names.tile(names.SPEND, ledger.setting.timing.slow))
    hour = tiles_range(HOUR, left_open=ledger.setting.timing.left_open)
    yield Panel(
        key=f"{name}-hour",
        title=f"{title}: an hour",
        about="What the last hour cost, at any time, by what it is kept apart by.",
        form=Form.LINES,
        row=Row.VOLUME,
        boards=(names.KEY,),
        queries=(Query("hour", f"sum_over_time({tile}[{hour}])", _legend(ledger.group_names) or "all"),),
        measure=MEASURES[ledger.item.amounts[0].unit.kind],
        thresholds=NEUTRAL,
        stacked=True,
        width=12,
        height=8,
        least=0,
    )
    if ledger.item.causes:
        labels = ", ".join(ledger.item.causes)
        yield Panel(
            key=f"{name}-who",
            title=f"{title}: by {labels}",
            about=f"What an hour costs at the pace of the moment, at most {SHOWN}.",
            form=Form.LINES,
            row=Row.CAUSES,
            boards=(names.KEY,),
            queries=(
                Query(
                    "who",
                    f"topk({SHOWN}, sum by ({labels}) (rate({ledger.item.counter}{RATE})) * 3600)",
                    _legend(ledger.item.causes),
                ),
            ),
            measure=MEASURES[ledger.item.amounts[0].unit.kind],
            thresholds=NEUTRAL,
            width=12,
            height=8,
            least=0,
        )
    yield _about(ledger)


def _legend(labels: Iterable[str]) -> str:
    return " ".join(f"{{{{{name}}}}}" for name in labels)


def _carried(ledger: Ledger) -> str:
    weekend = ledger.item.plan.weekend
    plan = (
        "" if ledger.item.plan.is_linear else f"By the plan a weekend day costs {percent(weekend)} of a working day. "
    )
    return f"{plan}In forecasts {texts.carried(ledger)}."


def _about(ledger: Ledger) -> Panel:
    item = ledger.item
    lines = [
        f"**{plain(item.shown)}**: {texts.allowance(ledger)} {texts.per(ledger)}, of `{item.counter.metric}`.",
        "",
        f"Owner: {plain(ledger.setting.owner) or 'nobody is named'}. {_carried(ledger)}",
        "",
    ]
    if ledger.limits:
        lines += ["| when | harnesses do |", "|---|---|"]
        for limit, _ in ledger.limits:
            actions = ", ".join(f"{key}: {str(value).lower()}" for key, value in limit.actions)
            lines.append(f"| {limit.when.text} | {actions} |")
    return Panel(
        key=f"{item.name}-about",
        title=f"{item.shown}: allowance and limits",
        about="What was agreed, and what happens on the way there.",
        form=Form.TEXT,
        row=Row.ABOUT,
        boards=(names.KEY,),
        text="\n".join(lines),
        width=12,
        height=6 + len(ledger.limits),
    )
