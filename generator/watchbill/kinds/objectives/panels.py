"""The panels an objective brings: verdict, level, volume, alerts; on the overview, its own board and its section's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.model import Board, Form, Measure, Panel, Query, Row, State, Threshold, Variable

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts


def boards(facts: Facts) -> tuple[Board, ...]:
    """Return the boards the objective's panels land on."""
    selector = facts.ref(conventions.BUDGET_REMAINING)
    variables = tuple(Variable(name, selector) for name in facts.sli.group_names)
    own = Board(conventions.objective_board(facts.name), facts.title, f"Objective {facts.name}", variables=variables)
    return (own,)


def panels(facts: Facts) -> tuple[Panel, ...]:
    """Return the objective's panels."""
    left = f"last_over_time({facts.ref(conventions.BUDGET_REMAINING)}[15m])"
    return (
        Panel(
            key=f"{facts.name}-budget-left",
            title="Error budget left",
            about=f"What is left of the error budget of {facts.period.text}.",
            form=Form.STAT,
            row=Row.VERDICT,
            boards=(conventions.objective_board(facts.name),),
            queries=(Query("left", left),),
            measure=Measure.RATIO,
            thresholds=(Threshold(None, State.BAD), Threshold(0, State.WARNING), Threshold(0.25, State.GOOD)),
        ),
    )
