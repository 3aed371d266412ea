"""How much there is: events and errors, as the rules counted them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal
from watchbill.durations import SECOND, format_duration
from watchbill.model import Form, Measure, Panel, Query, Row, State, Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.panels.lens import Lens


def panels(lens: Lens) -> Iterator[Panel]:
    """Yield events and errors."""
    facts, last = lens.facts, lens.last
    slots = facts.sli.samples_slots
    seconds, over = literal(last / SECOND), format_duration(last)
    missing = conventions.missing_alert(facts.name) if facts.on_no_data in {"page", "ticket"} else lens.runbook
    runbook = conventions.collapse_alert(facts.name) if facts.collapse else missing
    for key, title, about in (
        ("events", "Samples judged" if slots else "Events", "What the objective is measured on"),
        ("errors", "Bad samples" if slots else "Errors", "What spends the budget"),
    ):
        bad = key == "errors"
        yield Panel(
            key=key,
            title=title,
            about=f"{about}: per second, over {over}, counted by the rules.",
            form=Form.LINES,
            row=Row.VOLUME,
            boards=(lens.board,),
            queries=(Query(key, f"{lens.window(key, last)} / {seconds}", lens.legend or key),),
            measure=Measure.PER_SECOND,
            thresholds=(Threshold(None, State.NEUTRAL),),
            empty=f"no {title.lower()}",
            runbook=lens.runbook if bad else runbook,
            width=12,
            height=7,
            stacked=True,
            least=0,
        )
