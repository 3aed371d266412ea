"""How good it is: the SLI against its objective, how fast the budget burns, and how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal, percent
from watchbill.durations import format_duration
from watchbill.kinds.objectives.panels import states
from watchbill.model import Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.panels.lens import Lens

OWN_BOARD_ONLY = frozenset({"burn", "budget"})
"""Panels that boards beside other objectives do without."""


def panels(lens: Lens) -> Iterator[Panel]:
    """Yield the level."""
    yield sli(lens)
    yield burn(lens)
    yield budget(lens)


def sli(lens: Lens) -> Panel:
    """Return the SLI with its objective."""
    facts, last = lens.facts, lens.last
    what = "samples" if facts.sli.samples_slots else "events"
    return Panel(
        key="sli",
        title=f"Good {what} and the objective",
        about=f"Share of good {what} over the last {format_duration(last)}. Below {percent(facts.objective)} for a "
        "while, the error budget shrinks.",
        form=Form.LINES,
        row=Row.LEVEL,
        boards=(lens.board,),
        queries=(
            Query("sli", f"1 - {lens.bad_ratio(last)}", lens.legend or "good"),
            Query("objective", f"max({lens.reads.slow(conventions.OBJECTIVE)})", "objective", reference=True),
        ),
        measure=Measure.RATIO,
        thresholds=(Threshold(None, State.BAD), Threshold(facts.objective, State.GOOD)),
        empty=f"no {what}",
        runbook=lens.runbook,
        width=12,
        height=8,
        most=1,
    )


def burn(lens: Lens) -> Panel:
    """Return the burn rate of each window, with the thresholds of the tiers."""
    facts = lens.facts
    queries, done = [], set()
    for tier in facts.tiers:
        if tier.long not in done:
            done.add(tier.long)
            same = [literal(round(t.burn_rate(facts.period.length), 2)) for t in facts.tiers if t.long == tier.long]
            legend = f"{format_duration(tier.long)} (alerts at {', '.join(same)})"
            queries.append(Query(format_duration(tier.long), f"max({lens.burn(tier)})", legend))
    levels: dict[float, State] = {}
    for tier in facts.tiers:
        state = State.BAD if tier.severity == "page" else State.WARNING
        at = round(tier.burn_rate(facts.period.length), 6)
        levels[at] = State.BAD if State.BAD in {state, levels.get(at)} else state
    return Panel(
        key="burn",
        title="Burn rate of each alert's window",
        about="1 uses up the budget in just its period. Lines mark where alerts begin: red for pages, yellow for "
        "tickets. Of several groups the worst is shown.",
        form=Form.LINES,
        row=Row.LEVEL,
        boards=(lens.board,),
        queries=tuple(queries),
        measure=Measure.BURN_RATE,
        thresholds=(Threshold(None, State.GOOD), *(Threshold(at, state) for at, state in sorted(levels.items()))),
        runbook=lens.runbook,
        width=12,
        height=8,
        least=0,
    )


def budget(lens: Lens) -> Panel:
    """Return how the budget went."""
    return Panel(
        key="budget",
        title="Error budget left over time",
        about=f"Share of the error budget of {lens.facts.period.text} that is left; below 0 the objective is missed.",
        form=Form.LINES,
        row=Row.LEVEL,
        boards=(lens.board,),
        queries=(Query("left", lens.left(), lens.legend or "left"),),
        measure=Measure.RATIO,
        thresholds=states.budget_levels(lens.facts.tiers),
        runbook=lens.runbook,
        width=12,
        height=8,
        most=1,
    )
