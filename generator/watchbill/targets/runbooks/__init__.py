"""Runbooks: a page per alert as Markdown, and as a static site that works from a file and from any web server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.knowledge import library
from watchbill.targets.runbooks.index import entries
from watchbill.targets.runbooks.page import Desk
from watchbill.targets.runbooks.templates import template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Plan

NAME = "runbooks"


def render(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield `runbooks/<Alert>.md` and `runbooks/site/<Alert>.html` for every alert, and an index of each."""
    found, _ = library(plan.notes)
    desk = Desk(plan, found)
    text, page = template("page.md.j2"), template("page.html.j2")
    for alert in plan.alerts():
        shown = desk.page(alert)
        yield f"{conventions.RUNBOOKS_FOLDER}/{conventions.runbook_text(alert.name)}", text.render(page=shown)
        yield f"{conventions.RUNBOOKS_SITE}/{conventions.runbook_page(alert.name)}", page.render(page=shown)
    listed = entries(plan)
    for name, path in (
        ("index.md.j2", f"{conventions.RUNBOOKS_FOLDER}/README.md"),
        ("index.html.j2", f"{conventions.RUNBOOKS_SITE}/index.html"),
    ):
        yield path, template(name).render(plan=plan, sections=listed)
