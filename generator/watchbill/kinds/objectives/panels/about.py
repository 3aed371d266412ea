"""What it is: objective, owner, policy and pages, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal, percent
from watchbill.durations import format_duration
from watchbill.kinds.slis.views import plain
from watchbill.model import Form, Panel, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.panels.lens import Lens

NO_DATA = {
    "page": "a vanished signal pages",
    "ticket": "a vanished signal opens a ticket",
    "ignore": "a vanished signal alerts nobody",
    "bad": "time without data counts as bad",
}


def panel(lens: Lens) -> Panel:
    """Return the text."""
    facts = lens.facts
    alerts = [conventions.burn_alert(facts.name, tier.name) for tier in facts.tiers]
    if facts.on_no_data in {"page", "ticket"}:
        alerts.append(conventions.missing_alert(facts.name))
    if facts.collapse:
        alerts.append(conventions.collapse_alert(facts.name))
    return Panel(
        key="about",
        title="Objective and policy",
        about="What was promised, who answers, and what happens when.",
        form=Form.TEXT,
        row=Row.ABOUT,
        boards=(lens.board,),
        text="\n".join(_lines(lens)),
        runbook=lens.runbook,
        alerts=tuple(alerts),
        width=24,
        height=6 + len(facts.tiers),
    )


def _lines(lens: Lens) -> Iterator[str]:
    facts = lens.facts
    what = "time" if facts.weighting == "time" else "samples" if facts.sli.samples_slots else "events"
    over = f"each calendar {facts.period.text}" if facts.period.is_calendar else facts.period.text
    yield f"**{plain(facts.title)}**: {percent(facts.objective)} of {what} over {over}."
    yield ""
    yield f"Owner: {plain(facts.owner) or 'nobody is named'}. Objective `{facts.name}` of `{facts.service}`; "
    yield f"{NO_DATA[facts.on_no_data]}."
    yield ""
    yield "| alert | severity | spends | in | burn rate | confirmed over |"
    yield "|---|---|---|---|---|---|"
    for tier in facts.tiers:
        rate = literal(round(tier.burn_rate(facts.period.length), 2))
        cells = (
            tier.name,
            plain(facts.severity(tier.severity)),
            percent(round(tier.budget, 4)),
            format_duration(tier.long),
            rate,
            format_duration(tier.short),
        )
        yield f"| {' | '.join(cells)} |"
