"""Are we OK, and for how long: state, budget left, time to exhaustion, and how near the next alert is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill.decimals import percent
from watchbill.durations import format_duration, spoken
from watchbill.kinds.objectives.panels import states
from watchbill.model import Column, Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.panels.lens import Lens


def panels(lens: Lens) -> Iterator[Panel]:
    """Yield the verdict."""
    facts, tier = lens.facts, lens.facts.tiers[0]
    period, pace = facts.period, format_duration(tier.long)
    base = Panel("", "", "", Form.STAT, Row.VERDICT, (lens.board,), runbook=lens.runbook, height=4)
    groups = " Of several groups the worst counts." if lens.by else ""
    yield replace(
        base,
        key="state",
        title="State",
        about=f"The worst alert of this objective that is firing.{groups}",
        queries=(Query("state", lens.state("max"), instant=True),),
        measure=Measure.STATE,
        thresholds=states.STATE_LEVELS,
        meanings=states.STATES,
        width=4,
    )
    levels = states.budget_levels(facts.tiers)
    yield replace(
        base,
        key="budget-left",
        title="Error budget left",
        about=f"What is left of the error budget of {period.text}; yellow below {percent(levels[-1].at or 0)}, the "
        f"most that an alert lets pass before it fires.{groups}",
        queries=(Query("left", f"min({lens.left()})"),),
        measure=Measure.RATIO,
        thresholds=levels,
        width=5,
    )
    yield replace(
        base,
        key="exhausted-in",
        title="Budget lasts",
        about=f"Time until the budget is used up at the pace of the last {pace}. A full budget of {period.text} is "
        f"gone in {spoken(period.length / tier.burn_rate(period.length))} at the pace of the fastest alert.{groups}",
        queries=(Query("exhausted", f"min(\n{lens.exhausted_in(tier)}\n)", instant=True),),
        measure=Measure.SECONDS,
        thresholds=states.exhaustion_levels(facts.tiers, period.length),
        meanings=states.EXHAUSTION,
        width=5,
    )
    near = tuple(Query(t.name, f"max({lens.near(t)})", f"{t.name} ({t.severity}s)") for t in facts.tiers)
    yield replace(
        base,
        key="worst-burn",
        title="Worst burn, as a share of what alerts",
        about="How near each alert is: the slower burn rate of its two windows, as a share of the one it fires at. At "
        f"100 % it fires if the errors are too many to be chance.{groups}",
        form=Form.GAUGE,
        queries=near,
        measure=Measure.RATIO,
        thresholds=(Threshold(None, State.GOOD), Threshold(0.5, State.WARNING), Threshold(1, State.BAD)),
        width=10,
        height=4 if len(near) < 5 else 6,
        least=0,
        most=1,
    )
    if lens.by:
        yield _groups(lens, base)


def _groups(lens: Lens, base: Panel) -> Panel:
    facts, tier = lens.facts, lens.facts.tiers[0]
    names = facts.sli.group_names
    burn = f"max by ({lens.by}) ({lens.burn(tier)})"
    columns = (
        *(Column(name, name) for name in names),
        Column("state", "state", Measure.STATE, states.STATE_LEVELS, states.STATES, width=100),
        Column("left", "budget left", Measure.RATIO, states.budget_levels(facts.tiers), bar=True),
        Column("exhausted", "lasts", Measure.SECONDS, states.BURNING, states.EXHAUSTION, width=150),
        Column("burn", f"burn rate, {format_duration(tier.long)}", Measure.BURN_RATE, states.SUSTAINABLE, width=150),
    )
    return replace(
        base,
        key="groups",
        title=f"By {' and '.join(names)}",
        about="The verdict of each group: each has a budget and alerts of its own.",
        form=Form.TABLE,
        queries=(
            Query("state", lens.state(f"max by ({lens.by})", any_group=False), instant=True),
            Query("left", f"min by ({lens.by}) ({lens.left()})", instant=True),
            Query("exhausted", f"min by ({lens.by}) (\n{lens.exhausted_in(tier)}\n)", instant=True),
            Query("burn", burn, instant=True),
        ),
        columns=columns,
        sort="burn",
        width=24,
        height=6,
    )
