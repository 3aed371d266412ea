"""What fired: the objective's alerts over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.kinds.objectives.panels import states
from watchbill.model import Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from watchbill.kinds.objectives.panels.lens import Lens

LEVELS = (Threshold(None, State.NEUTRAL), Threshold(1, State.WARNING), Threshold(2, State.BAD))


def states_of(by: str, pending: str, firing: str) -> str:
    """Return the state of each alert: 2 firing, 1 pending."""
    return f"max by ({by}) (2 * {firing} or {pending})"


def panel(lens: Lens) -> Panel:
    """Return the timeline."""
    pending, firing = (lens.alerts(f'alertstate="{state}"') for state in ("pending", "firing"))
    by = ", ".join(("alertname", *lens.facts.sli.group_names))
    return Panel(
        key="alerts",
        title="Alerts of this objective",
        about="From `ALERTS`: pending, then firing. Of the shown time; empty is good.",
        form=Form.STATES,
        row=Row.ALERTS,
        boards=(lens.board,),
        queries=(Query("alerts", states_of(by, pending, firing), f"{{{{alertname}}}} {lens.legend}".rstrip()),),
        measure=Measure.STATE,
        thresholds=LEVELS,
        meanings=states.ALERTING,
        empty="no alert in this time",
        runbook=lens.runbook,
        width=24,
        height=3 + (len(lens.facts.tiers) + 2) // 2,
    )
