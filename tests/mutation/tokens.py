"""PromQL text as tokens with places, and the extent of a binary operator's operands: enough to cut and to replace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*")
    |(?P<braces>\{(?:"(?:\\.|[^"\\])*"|[^}"])*\})
    |(?P<range>\[[^\]]*\])
    |(?P<duration>(?:\d+(?:ms|[smhdwy]))+)
    |(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)
    |(?P<compare>[=!<>]=|[<>])
    |(?P<set>\b(?:and|or|unless)\b)
    |(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)
    |(?P<arithmetic>[-+*/%^])
    |(?P<open>\()|(?P<close>\))|(?P<comma>,)|\s+""",
    re.VERBOSE,
)
BINARY = frozenset({"compare", "set", "arithmetic"})
_BINDS = {"or": 1, "and": 2, "unless": 2, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5, "^": 6}
_COMPARES = 3
MODIFIERS = frozenset({"on", "ignoring", "group_left", "group_right"})


@dataclass(frozen=True, slots=True)
class Token:
    """A token, its place in the text and how many parentheses are around it."""

    kind: str
    text: str
    start: int
    end: int
    depth: int

    @property
    def binds(self) -> int:
        """How tightly a binary operator binds."""
        return _BINDS.get(self.text, _COMPARES)


def tokens(text: str) -> list[Token]:
    """Return the tokens of an expression. Raises ValueError at text that is none."""
    found: list[Token] = []
    depth = at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"no PromQL token at {text[at : at + 20]!r}")
        kind, at = match.lastgroup, match.end()
        if kind is None:
            continue
        depth -= kind == "close"
        found.append(Token(kind, match[0], match.start(), match.end(), depth))
        depth += kind == "open"
    return found


def operators(found: list[Token]) -> Iterator[int]:
    """Yield the indices of the binary operators; a sign in front of an operand is none."""
    for i, token in enumerate(found):
        if token.kind in BINARY and i and found[i - 1].kind not in {*BINARY, "open", "comma"}:
            yield i


def closing(found: list[Token], at: int) -> int:
    """Return the index of the parenthesis that closes the one at index `at`."""
    return next(i for i in range(at + 1, len(found)) if found[i].kind == "close" and found[i].depth == found[at].depth)


def modified(found: list[Token], at: int) -> int:
    """Return the index after an operator's modifiers (`bool`, `on (...)`, `group_left (...)`)."""
    after = at + 1
    while found[after].text == "bool" or found[after].text in MODIFIERS:
        after += 1
        if found[after].kind == "open" and found[after - 1].text != "bool":
            after = closing(found, after) + 1
    return after


def operands(found: list[Token], at: int) -> tuple[int, int]:
    """Return where the left operand of the operator at index `at` begins and where the right one ends, in the text."""
    own, binary = found[at], set(operators(found))
    left, right = at, at
    while left > 0 and not _ends(found, left - 1, own, binary, own.binds):
        left -= 1
    while right + 1 < len(found) and not _ends(found, right + 1, own, binary, own.binds + 1):
        right += 1
    return found[left].start, found[right].end


def _ends(found: list[Token], at: int, own: Token, binary: set[int], binds: int) -> bool:
    """Whether the token at `at` lies outside the operands: a parenthesis, a comma or a weaker operator."""
    token = found[at]
    same = token.depth == own.depth
    return token.depth < own.depth or (same and (token.kind == "comma" or (at in binary and token.binds < binds)))
