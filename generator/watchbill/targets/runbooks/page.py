"""What the templates show of one alert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.durations import format_duration
from watchbill.knowledge.headings import slug
from watchbill.knowledge.values import one_line, values
from watchbill.model import Check, Fact, Use
from watchbill.targets.runbooks.links import Link, of_alert, run
from watchbill.targets.runbooks.markup import html
from watchbill.targets.runbooks.text import markdown
from watchbill.targets.runbooks.wakes import level, wakes

if TYPE_CHECKING:
    from markupsafe import Markup

    from watchbill.knowledge import Library
    from watchbill.model import Alert, Content, Plan

PLACES = {"First look": Use.LOOK, "Noise or real?": Use.TRUST, "Verify recovery": Use.RECOVERY}


@dataclass(frozen=True, slots=True)
class Query:
    """A check with the link that runs it."""

    check: Check
    run: Link | None


@dataclass(frozen=True, slots=True)
class Part:
    """One section: computed queries first, then text in both forms."""

    heading: str
    slug: str
    queries: tuple[Query, ...]
    text: str
    html: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One page."""

    alert: str
    title: str
    service: str
    level: str
    hurts: str
    facts: tuple[Fact, ...]
    since: Link | None
    links: tuple[Link, ...]
    labels: tuple[str, ...]
    note: Part | None
    parts: tuple[Part, ...]
    condition: Query


class Desk:
    """Makes pages of a plan's alerts."""

    def __init__(self, plan: Plan, library: Library) -> None:
        self.plan, self.library = plan, library

    def page(self, alert: Alert) -> Shown:
        """Return what the alert's page shows."""
        plan, page, content = self.plan, alert.page, alert.page.make()
        known = values(plan, alert, content)
        own = self.library.alerts.get(alert.name)
        return Shown(
            alert=alert.name,
            title=one_line(page.title),
            service=plan.service,
            level=level(plan, alert),
            hurts=one_line(content.hurts) or one_line(dict(alert.annotations).get("description", "")),
            facts=(wakes(plan, alert), *(content.facts or _timing(alert))),
            since=next((self._query(c).run for c in content.checks if c.key == "since"), None),
            links=of_alert(plan.links, plan.service, alert),
            labels=page.group_labels,
            note=self._part("Notes", (), [own.lead.text], known) if own and own.lead else None,
            parts=tuple(self._parts(alert, content, known)),
            condition=self._query(Check("condition", "The alert's condition", alert.expr, "")),
        )

    def _parts(self, alert: Alert, content: Content, known: dict[str, str]) -> list[Part]:
        found = []
        for heading, sections in self.library.sections(alert, content):
            use = PLACES.get(heading)
            queries = tuple(self._query(c) for c in content.checks if c.use is use)
            if queries or sections:
                found.append(self._part(heading, queries, [s.text for s in sections], known))
        return found

    def _part(self, heading: str, queries: tuple[Query, ...], texts: list[str], known: dict[str, str]) -> Part:
        links = self.plan.links
        text = "\n\n".join(markdown(t, known, links) for t in texts)
        return Part(heading, slug(heading), queries, text, tuple(html(t, known, links) for t in texts))

    def _query(self, check: Check) -> Query:
        return Query(check, run(self.plan.links, check.expr))


def _timing(alert: Alert) -> list[Fact]:
    """Return when an alert fires and clears, for one that brings no facts of its own."""
    fires = f"after {format_duration(alert.pending)}" if alert.pending else "at once"
    clears = f"after {format_duration(alert.keep_firing)}" if alert.keep_firing else "at once"
    return [
        Fact("Fires", fires, "while its condition holds"),
        Fact("Clears", clears, "when its condition has no result any more"),
    ]
