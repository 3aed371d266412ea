"""One fault of a config, at its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 160
_CREDENTIAL = re.compile(r"(?i)(pass|secret|token|credential|api_?key|private|auth)")
_KEY = re.compile(r"[^:]*:")
_IN_URL = re.compile(r"(?<=://)[^/\s@]*(?=@)")


@dataclass(frozen=True, order=True)
class Diagnostic:
    """Line and column count from 1; `source` is the line itself, fit to be shown."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    source: str = ""

    def text(self) -> str:
        """Return `file:line:column: message`, the line with a caret, and the hint."""
        out = [f"{self.file}:{self.line}:{self.column}: {printable(self.message)}"]
        shown = self.source
        if shown and len(shown) <= LONGEST:
            out += [f"    {shown}", f"    {' ' * (min(self.column, len(shown)) - 1)}^"]
        if self.hint:
            out.append(f"    hint: {printable(self.hint)}")
        return "\n".join(out)


def printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def masked(line: str, path: Iterable[str | int] = ()) -> str:
    """Cut a line after its first key when it, or the path to it, speaks of a credential.

    A refused secret must not be shown in the refusal.
    """
    line = _IN_URL.sub("***", printable(line))
    if not any(_CREDENTIAL.search(str(part)) for part in (line, *path)):
        return line
    key = _KEY.match(line)
    return f"{line[: key.end()]} ***" if key else "***"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    names = sorted(set(known))
    if close := get_close_matches(word, names, n=1, cutoff=0.6):
        return f"did you mean '{close[0]}'?"
    return f"known here: {', '.join(names)}" if names else ""
