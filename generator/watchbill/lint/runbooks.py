"""Runbook text of the user's own: every page whole, every note on a page, every link and placeholder good."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from watchbill.diagnostics import Problem, Spot, did_you_mean
from watchbill.knowledge import codes, library, values
from watchbill.knowledge.headings import HEADINGS
from watchbill.knowledge.library import packaged
from watchbill.knowledge.links import dead_links
from watchbill.knowledge.placeholders import MAY_BE_EMPTY, PLACEHOLDERS, filled, pieces
from watchbill.knowledge.queries import promql_blocks
from watchbill.promql import PromqlError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.knowledge import Library, Section, Topic
    from watchbill.lint.context import Context
    from watchbill.model import Alert, Content

CODES = codes.CODES
_HOLE = re.compile(r'(?<=")\$([A-Za-z_][A-Za-z0-9_]*)(?=")')


def frames(context: Context) -> Iterator[Problem]:
    """Files have a frame that can be read, and new topics all sections."""
    found, problems = library(context.notes)
    yield from problems
    for note in context.notes:
        topic = found.topics.get(note.name)
        if topic is not None and note.name not in packaged():
            have = {s.heading for s in topic.sections if s.text.strip()}
            for heading in HEADINGS:
                if heading not in have:
                    spot = Spot(note.file, 1, 1, 1, note.text.split("\n", 1)[0])
                    text = f"the topic '{note.name}' has no section '{heading}'"
                    yield Problem((), codes.MISSING_SECTION, text, f"add a line: ## {heading}", spot=spot)


def topics(context: Context) -> Iterator[Problem]:
    """`runbook:` names a topic that is there."""
    found, _ = library(context.notes)
    for item in context.named:
        name = item.runbook
        if name is not None and name not in found.topics:
            hint = did_you_mean(name, found.topics)
            yield Problem(item.at("runbook"), codes.NO_TOPIC, f"there is no topic '{name}'", hint)


def owners(context: Context) -> Iterator[Problem]:
    """Every note is about an alert or a topic, and every alert has text."""
    if not context.notes:
        return
    found, _ = library(context.notes)
    alerts = {a.name: a for a in context.plan.alerts()}
    for note in context.notes:
        if note.name in found.alerts and note.name not in alerts:
            text = f"no alert is named '{note.name[:80]}', and it is no kebab-case name of a topic"
            spot = Spot(note.file, 1, 1, 1, note.text.split("\n", 1)[0])
            yield Problem((), codes.NO_ALERT, text, did_you_mean(note.name, alerts), spot=spot)
    for alert in alerts.values():
        if not any(sections for _, sections in found.sections(alert, alert.page.make())):
            yield Problem(("slos",), codes.NO_PAGE, f"nothing is written about {alert.name}")


def texts(context: Context) -> Iterator[Problem]:
    """Links and placeholders of the notes hold on every page that shows them."""
    if not context.notes:
        return
    found, _ = library(context.notes)
    alerts = {a.name: a for a in context.plan.alerts()}
    mine = {note.file for note in context.notes}
    for topic in (*found.topics.values(), *found.alerts.values()):
        for section in _of(topic):
            if section.file in mine:
                yield from _broken(section)
                yield from dead_links(section, alerts.keys())
    told: set[tuple[str, int, str]] = set()
    for alert in alerts.values():
        content = alert.page.make()
        known = values(context.plan, alert, content)
        for section in _shown(found, alert, content):
            if section.file in mine:
                for one in (*_unfilled(section, alert, known), *_queries(section, alert, known)):
                    at = one.spot or Spot(section.file)
                    key = (at.file, at.line * 1000 + at.column, one.code.slug)
                    if key not in told:
                        told.add(key)
                        yield one


def _of(topic: Topic) -> tuple[Section, ...]:
    return (*([topic.lead] if topic.lead else []), *topic.sections)


def _shown(found: Library, alert: Alert, content: Content) -> Iterator[Section]:
    own = found.alerts.get(alert.name)
    if own and own.lead:
        yield own.lead
    for _, sections in found.sections(alert, content):
        yield from sections


def _broken(section: Section) -> Iterator[Problem]:
    cut = pieces(section.text)
    for offset in cut.broken:
        yield section.problem(codes.TEMPLATE, offset, 2, "'{{' starts no placeholder")
    for slot in cut.slots:
        if slot.name not in PLACEHOLDERS:
            text, hint = f"there is no placeholder '{slot.name[:60]}'", did_you_mean(slot.name, PLACEHOLDERS)
            yield section.problem(codes.PLACEHOLDER, slot.offset, slot.width, text, hint)


def _unfilled(section: Section, alert: Alert, known: dict[str, str]) -> Iterator[Problem]:
    for slot in pieces(section.text).slots:
        if slot.name in PLACEHOLDERS and slot.name not in known and slot.name not in MAY_BE_EMPTY:
            text = f"{alert.name} has no value for '{slot.name}'"
            yield section.problem(codes.PLACEHOLDER, slot.offset, slot.width, text)
    for offset, query in promql_blocks(section.text):
        for hole in _HOLE.finditer(query):
            if hole[1] not in alert.page.group_labels:
                text = f"{alert.name} carries no label '{hole[1]}' to fill '${hole[1]}' with"
                hint = "use {{ where }}: it holds the labels that the alert has"
                yield section.problem(codes.PLACEHOLDER, offset + hole.start(), len(hole[0]), text, hint)


def _queries(section: Section, alert: Alert, known: dict[str, str]) -> Iterator[Problem]:
    for offset, query in promql_blocks(section.text):
        try:
            parse(filled(query, known))
        except PromqlError as exc:
            width = len(query.split("\n", 1)[0])
            yield section.problem(codes.BAD_QUERY, offset, width, f"on the page of {alert.name}: {exc}"[:300])


CHECKS = (frames, topics, owners, texts)
