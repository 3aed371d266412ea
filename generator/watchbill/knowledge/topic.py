"""A knowledge file: what it is for, and its sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill.diagnostics import Problem, Spot

if TYPE_CHECKING:
    from watchbill.diagnostics import Code


@dataclass(frozen=True, slots=True)
class Section:
    """Text under one heading; `line` is that of its first line in `file`. The text before any heading has none."""

    heading: str
    text: str
    file: str
    line: int

    def spot(self, offset: int, width: int = 1) -> Spot:
        """Return the place of a part of the text."""
        before = self.text[:offset]
        start = before.rfind("\n") + 1
        end = self.text.find("\n", offset)
        source = self.text[start : end if end >= 0 else len(self.text)]
        return Spot(self.file, self.line + before.count("\n"), offset - start + 1, max(1, width), source)

    def problem(self, code: Code, offset: int, width: int, message: str, hint: str = "") -> Problem:
        """Return a problem with a part of the text."""
        return Problem((), code, message, hint, spot=self.spot(offset, width))


@dataclass(frozen=True, slots=True)
class Topic:
    """One file. `families` and `metrics` (patterns) say which alerts it is about, least `order` first.

    `adds` makes a family show the topic of what is measured, and names the sections it adds to that topic's own.
    """

    name: str
    file: str
    title: str = ""
    families: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
    order: int = 50
    lead: Section | None = None
    sections: tuple[Section, ...] = ()

    def section(self, heading: str) -> Section | None:
        """Return the section of a heading."""
        return next((s for s in self.sections if s.heading == heading), None)
