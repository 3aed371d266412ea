"""The panels an objective brings: to a board of its own, its section's, and what all share to the overview."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.kinds import boards as shared
from watchbill.kinds.objectives.panels import about, glance, level, timeline, verdict, volume
from watchbill.kinds.objectives.panels.lens import Lens
from watchbill.kinds.objectives.panels.series import Scope
from watchbill.kinds.slis.views import View
from watchbill.model import Board, Display, Panel, Row, Variable
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts


def display(facts: Facts) -> Display:
    """Return what the objective shows."""
    return Display(boards(facts), panels(facts))


def boards(facts: Facts) -> tuple[Board, ...]:
    """Return the boards the objective's panels land on."""
    groups = tuple(Variable(name, facts.ref(conventions.BUDGET_REMAINING)) for name in facts.sli.group_names)
    key = conventions.objective_board(facts.name)
    about = f"The objective {facts.name} of {facts.service}."
    own = Board(key, facts.title, about, alerts=f"{conventions.SLO}={quote(facts.name)}", variables=groups)
    section = (shared.section(facts.service, facts.section, groups),) if facts.section else ()
    return (shared.overview(facts.service), *section, own)


def panels(facts: Facts) -> tuple[Panel, ...]:
    """Return the objective's panels."""
    lens = Lens(facts)
    view = View(
        boards=(lens.board,),
        runbook=lens.runbook,
        causes=facts.causes,
        service=facts.service,
        slow=facts.timing.slow,
    )
    own = (
        *verdict.panels(lens),
        *level.panels(lens),
        *facts.sli.detail(view),
        *volume.panels(lens),
        timeline.panel(lens),
        about.panel(lens),
    )
    return (*own, *_everywhere(facts, own))


def _everywhere(facts: Facts, own: tuple[Panel, ...]) -> Iterator[Panel]:
    """What is shown of all objectives at once, and this one's level beside its kin."""
    scope = Scope.of(facts)
    yield from glance.panels(scope, conventions.OVERVIEW)
    if facts.section:
        section = conventions.section_board(facts.section)
        yield from glance.panels(scope, section)
        for panel in own:
            if panel.row is Row.LEVEL and panel.key not in level.OWN_BOARD_ONLY:
                title = f"{facts.title}: {panel.title[:1].lower()}{panel.title[1:]}"
                mine = conventions.objective_board(facts.name)
                yield replace(panel, key=f"{facts.name}-{panel.key}", title=title, boards=(section,), board=mine)
