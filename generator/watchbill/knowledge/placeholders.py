"""`{{ name }}` in knowledge: a name and nothing else, so that text from anywhere can neither loop nor fail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

PLACEHOLDERS = {
    "alert": "the alert's name",
    "title": "the objective's title, or the alert's name",
    "service": "the service",
    "owner": "the team that answers",
    "slo": "the objective's name",
    "budget": "the budget's name",
    "objective": "the objective: 99.9%",
    "period": "the budget period: 30d",
    "scope": 'matchers that say where the service runs, from the spec\'s selectors: job="agents"',
    "where": 'the scope and the group the alert fired for: job="agents",agent="$agent"',
}
MAY_BE_EMPTY = frozenset({"scope", "where"})
"""In a list of matchers, an empty one goes with the comma in front of it."""

_SLOT = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_BRACES = re.compile(r'\{\{\s*"\{\{"\s*\}\}')


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder and where it stands."""

    name: str
    offset: int
    width: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text cut at its placeholders. `broken` are the offsets of braces that start none."""

    parts: tuple[str | Slot, ...]
    broken: tuple[int, ...] = ()

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The placeholders."""
        return tuple(p for p in self.parts if isinstance(p, Slot))


@lru_cache(maxsize=4096)
def pieces(text: str) -> Pieces:
    """Cut a text at its placeholders."""
    parts: list[str | Slot] = []
    broken: list[int] = []
    done = at = 0
    while (at := text.find("{{", at)) >= 0:
        if text.startswith("{{{", at) and not _SLOT.match(text, at):
            at += 1  # the outer brace of `metric{{{ where }}}`
        if braces := _BRACES.match(text, at):
            parts += [text[done:at], "{{"]
            done = at = braces.end()
        elif slot := _SLOT.match(text, at):
            parts += [text[done:at], Slot(slot[1], at, slot.end() - at)]
            done = at = slot.end()
        else:
            broken.append(at)
            at += 2
    parts.append(text[done:])
    return Pieces(tuple(p for p in parts if p), tuple(broken))


def filled(text: str, values: dict[str, str]) -> str:
    """Return the text with its placeholders filled; those without a value stay as they are."""
    out: list[str] = []
    for part in pieces(text).parts:
        if isinstance(part, str):
            out.append(part)
            continue
        value = values.get(part.name, "" if part.name in MAY_BE_EMPTY else f"{{{{ {part.name} }}}}")
        if not value and out:
            out[-1] = out[-1].removesuffix(",")
        out.append(value)
    return "".join(out)
