"""A diagnostic: one problem, at one place, with a stable code, a sentence and a hint.

Checks return diagnostics and never print; the forms (text, JSON, SARIF, GitHub) are in `watchbill.reports`.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PathKey = str | int


class Severity(StrEnum):
    """How bad: an error stops generation, a warning does not, information only tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem: `watchbill explain SLUG` and the reference page print `title`, `why` and `fix`."""

    slug: str
    title: str
    why: str
    fix: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file beside the spec. `line` and `column` count from 1; `source` is the line itself."""

    file: str
    line: int = 1
    column: int = 1
    width: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding at a path of the spec (keys and indices), before it is tied to a file, line and column.

    One about a file beside the spec has its place already: `spot`.
    """

    path: tuple[PathKey, ...]
    code: Code
    message: str
    hint: str = ""
    on_key: bool = False
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding at a place. `line` and `column` count from 1. `source` is the line itself."""

    code: str
    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    source: str = ""
    width: int = 1

    def line_form(self) -> str:
        """Return `file:line:column: CODE message`, the form editors and CI logs parse."""
        mark = "" if self.severity is Severity.ERROR else f"{self.severity.value}: "
        return f"{self.file}:{self.line}:{self.column}: {self.code} {mark}{_one_line(self.message)}"

    def text(self) -> str:
        """Return the line form, the source line with a caret run, and the hint."""
        out = [self.line_form()]
        if self.source:
            shown, caret = _excerpt(self.source, self.column, self.width)
            out += [f"    {shown}", f"    {caret}"]
        if self.hint:
            out.append(f"    hint: {_one_line(self.hint)}")
        return "\n".join(out)

    def order(self) -> tuple[str, int, int, str, str]:
        """Sort key: by place, then code."""
        return (self.file, self.line, self.column, self.code, self.message)


def _one_line(text: str) -> str:
    """Keep what a spec's own text brings into a message (newlines, control characters) from breaking the line."""
    return "".join(c if c.isprintable() else " " for c in text)


def _excerpt(source: str, column: int, width: int, limit: int = 160) -> tuple[str, str]:
    """Cut a long source line around the caret; control characters show as `?` so that a terminal stays sane."""
    start = max(0, column - 1 - limit // 2) if column > limit else 0
    shown = "".join(c if c.isprintable() else ("\t" if c == "\t" else "?") for c in source[start : start + limit])
    lead = "".join("\t" if c == "\t" else " " for c in shown[: max(0, column - 1 - start)])
    run = max(1, min(width, len(shown) - len(lead)))
    return shown, lead + "^" * run


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` for the closest known name, or the list of names, for a hint."""
    names = sorted(set(known))
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known here: {', '.join(names)}" if names else ""
