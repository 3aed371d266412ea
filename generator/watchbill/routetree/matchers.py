"""Label matchers as Alertmanager writes them: `severity="critical"`, `{a=b, c=~"d|e"}`, quoted names since 0.27."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill import regexes

if TYPE_CHECKING:
    from collections.abc import Mapping

_ONE = re.compile(
    r"""\s*(?:"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<name>[^\s="'!~{},\\`]+))\s*(?P<op>=~|!=|!~|=)\s*(?P<value>.*?)\s*""",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}


class BadMatcher(ValueError):  # noqa: N818 - reads as what it is where it is caught
    """The text is no matcher."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """One matcher; `op` is =, !=, =~ or !~. Regexes are anchored, a missing label is the empty text."""

    name: str
    op: str
    value: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the label set satisfies it."""
        have = labels.get(self.name, "")
        if self.op in {"=", "!="}:
            return (have == self.value) is (self.op == "=")
        return regexes.full_match(self.value, have) is (self.op == "=~")

    def __str__(self) -> str:
        """Return it as Alertmanager reads it in every version."""
        value = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.name}{self.op}"{value}"'


def parse_matchers(text: str) -> tuple[Matcher, ...]:
    """Return the matchers of one item of a `matchers:` list. Raises BadMatcher."""
    inside = text.strip()
    if inside.startswith("{"):
        if not inside.endswith("}"):
            raise BadMatcher(f"{text[:60]!r} opens a brace and does not close it")
        inside = inside[1:-1]
    return tuple(_one(part) for part in _split(inside) if part.strip())


def _split(text: str) -> list[str]:
    """Cut at commas outside of quotes."""
    parts, quoted, escaped = [""], False, False
    for char in text:
        if char == "," and not quoted:
            parts.append("")
            continue
        parts[-1] += char
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
    return parts


def _one(text: str) -> Matcher:
    found = _ONE.fullmatch(text)
    if found is None:
        raise BadMatcher(f"{text.strip()[:60]!r} is no matcher")
    value = found["value"]
    if value.startswith('"'):
        if len(value) < 2 or not value.endswith('"'):
            raise BadMatcher(f"{text.strip()[:60]!r} opens a quote and does not close it")
        value = value[1:-1]
    name = _unescaped(found["quoted"]) if found["quoted"] is not None else found["name"]
    return Matcher(name, found["op"], _unescaped(value))


def _unescaped(text: str) -> str:
    r"""Backslash sequences that are none stay as they are: `\\d` in an unquoted regex is a digit."""
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), text, flags=re.DOTALL)
