"""All topics of a bundle: the packaged ones, with the user's notes on top; and which text an alert's page has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from watchbill.fields import NAME
from watchbill.knowledge.headings import HEADINGS
from watchbill.knowledge.reading import read
from watchbill.model import Note

if TYPE_CHECKING:
    from watchbill.diagnostics import Problem
    from watchbill.knowledge.topic import Section, Topic
    from watchbill.model import Alert, Content


@dataclass(frozen=True, slots=True)
class Library:
    """Topics by name, and notes on single alerts by the alert's name."""

    topics: dict[str, Topic]
    alerts: dict[str, Topic]

    def family(self, alert: Alert) -> Topic | None:
        """Return the text on the kind of trouble the alert is about."""
        return next((t for t in _ordered(self.topics) if alert.family in t.families), None)

    def topic(self, alert: Alert, content: Content) -> Topic | None:
        """Return the text on what the alert measures: named by the page, or found by its metrics."""
        if alert.page.topic:
            return self.topics.get(alert.page.topic)
        for topic in _ordered(self.topics):
            if any(fnmatchcase(m, pattern) for m in content.metrics for pattern in topic.metrics):
                return topic
        return None

    def sections(self, alert: Alert, content: Content) -> tuple[tuple[str, tuple[Section, ...]], ...]:
        """Return the text under each heading of the alert's page."""
        own, family = self.alerts.get(alert.name), self.family(alert)
        topic = self.topic(alert, content) if family is None or family.adds or alert.page.topic else None
        return tuple((heading, _under(heading, own, topic, family)) for heading in HEADINGS)


def _under(heading: str, own: Topic | None, topic: Topic | None, family: Topic | None) -> tuple[Section, ...]:
    if own and (found := own.section(heading)):
        return (found,)
    specific = topic.section(heading) if topic else None
    general = family.section(heading) if family and (not specific or heading in family.adds) else None
    return tuple(s for s in (specific, general) if s)


def _ordered(topics: dict[str, Topic]) -> list[Topic]:
    return sorted(topics.values(), key=lambda t: (t.order, t.name))


@lru_cache(maxsize=1)
def packaged() -> dict[str, Topic]:
    """Return the topics that ship with the package."""
    folder = files("watchbill.knowledge").joinpath("topics")
    texts = sorted((f.name, f.read_text(encoding="utf-8")) for f in folder.iterdir() if f.name.endswith(".md"))
    found: dict[str, Topic] = {}
    for file, text in texts:
        name = file.removesuffix(".md")
        found[name], problems = read(Note(name, file, text))
        if problems:
            raise AssertionError(problems)
    return found


@lru_cache(maxsize=16)
def library(notes: tuple[Note, ...] = ()) -> tuple[Library, tuple[Problem, ...]]:
    """Return the packaged topics with the notes on top, and what is wrong with the frame of the notes.

    A note named in kebab-case is a topic: sections it has replace those of a packaged topic of its name. Any other
    name is that of an alert.
    """
    topics, alerts = dict(packaged()), {}
    problems: list[Problem] = []
    for note in notes:
        topic, wrong = read(note)
        problems += wrong
        if not NAME.fullmatch(note.name):
            alerts[note.name] = topic
        elif note.name in topics:
            topics[note.name] = _over(topics[note.name], topic)
        else:
            topics[note.name] = topic
    return Library(topics, alerts), tuple(problems)


def _over(packaged_one: Topic, own: Topic) -> Topic:
    replaced = {s.heading for s in own.sections}
    kept = tuple(s for s in packaged_one.sections if s.heading not in replaced)
    return replace(
        packaged_one,
        title=own.title or packaged_one.title,
        families=own.families or packaged_one.families,
        metrics=own.metrics or packaged_one.metrics,
        adds=own.adds or packaged_one.adds,
        sections=(*own.sections, *kept),
    )
