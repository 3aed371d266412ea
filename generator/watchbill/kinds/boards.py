"""What the boards of several kinds share: the boards themselves, and the table of what fires."""

from __future__ import annotations

from watchbill import conventions
from watchbill.model import Board, Column, Form, Measure, Panel, Query, Row, Variable
from watchbill.promql import Matcher, Op, Selector, quote


def overview(service: str) -> Board:
    """Return the board that shows everything in the spec at a glance."""
    return Board(
        conventions.OVERVIEW,
        f"{service}: overview",
        "Everything in the spec at a glance: are we OK, and for how long.",
        alerts=f'{conventions.SLO}=~"$slo"',
        variables=(Variable(conventions.SLO, f"{conventions.INFO}{{service={quote(service)}}}"),),
    )


def section(service: str, name: str, variables: tuple[Variable, ...] = ()) -> Board:
    """Return the board of a section; `variables` filter the panels that the caller brings."""
    mine = (Matcher(conventions.SERVICE, Op.EQ, service), Matcher(conventions.SECTION, Op.EQ, name))
    objectives = Variable(conventions.SLO, str(Selector(conventions.INFO, mine)), bounded=True)
    return Board(
        conventions.section_board(name),
        f"{service}: {name.replace('-', ' ')}",
        f"The objectives of the section {name}, side by side.",
        section=name,
        alerts=f'{conventions.SLO}=~"$slo"',
        variables=(objectives, *variables),
    )


def items(service: str, label: str, key: str, about: str, variables: tuple[Variable, ...] = ()) -> Board:
    """Return the board of all items of a section of the spec, which name themselves by a label on `<label>:info`."""
    own = Variable(label, f"{label}:info{{service={quote(service)}}}", bounded=True)
    return Board(
        key, f"{service}: {key}", about, section=key, alerts=f'{label}=~"${label}"', variables=(own, *variables)
    )


def health(service: str) -> Board:
    """Return the board of the bundle's own health."""
    about = "Whether what watches can be trusted: rules, inputs, targets, and the way to Alertmanager."
    return Board(conventions.HEALTH, f"{service}: health of the watch", about, alerts=conventions.NO_ITEM)


def firing(key: str, about: str, board: str, matched: str, *, row: Row, width: int, height: int) -> Panel:
    """Return the table of alerts that fire; `matched` is a selector of `ALERTS`."""
    return Panel(
        key=key,
        title="Firing now",
        about=about,
        form=Form.TABLE,
        row=row,
        boards=(board,),
        queries=(Query("alerts", f"count by (alertname, severity) ({matched})", instant=True),),
        columns=(
            Column("severity", "severity", width=90),
            Column("alertname", "alert", runbook=True),
            Column("alerts", "groups", Measure.COUNT, width=70),
        ),
        sort="alerts",
        empty="nothing fires",
        width=width,
        height=height,
    )
