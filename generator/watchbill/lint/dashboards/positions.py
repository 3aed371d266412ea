"""JSON with places: what `json` reads, and where each key and value stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill.diagnostics import PathKey

Path = tuple["PathKey", ...]
MAX_DEPTH = 100
_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"|-?\d[\d.eE+-]*|true|false|null')


class JsonError(ValueError):
    """No JSON; carries the offset at which reading ended."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Located:
    """A value, and the stretch of text of every part of it."""

    value: Any
    text: str
    spans: Mapping[Path, tuple[int, int]] = field(repr=False)

    def place(self, path: Path) -> tuple[int, int, int, str]:
        """Return line, column, width and line text of a path, or of the nearest one above that is there."""
        while path not in self.spans and path:
            path = path[:-1]
        begin, end = self.spans.get(path, (0, 1))
        line = self.text.count("\n", 0, begin) + 1
        start = self.text.rfind("\n", 0, begin) + 1
        stop = self.text.find("\n", begin)
        source = self.text[start : stop if stop >= 0 else len(self.text)].rstrip("\r")
        return line, begin - start + 1, max(1, min(end, start + len(source)) - begin), source


def read(text: str) -> Located:
    """Return the value and its places. Raises JsonError."""
    reader = _Reader(text)
    value, at = reader.value(reader.skip(0), ())
    if reader.skip(at) != len(text):
        message = "something follows the end of the JSON value"
        raise JsonError(message, reader.skip(at))
    return Located(value, text, reader.spans)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: dict[Path, tuple[int, int]] = {}

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int, path: Path) -> tuple[Any, int]:
        if len(path) > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise JsonError(message, at)
        char = self.text[at : at + 1]
        found, end = (
            self._object(at, path)
            if char == "{"
            else self._array(at, path)
            if char == "["
            else self._scalar(at, "a value")
        )
        self.spans[path] = (at, end)
        return found, end

    def _scalar(self, at: int, wanted: str) -> tuple[Any, int]:
        match = _SCALAR.match(self.text, at)
        try:
            return json.loads(match[0]) if match else self._fail(wanted, at), match.end() if match else at
        except json.JSONDecodeError:
            return self._fail(wanted, at), at

    def _object(self, at: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "}":
            if found:
                at = self.skip(self._expect(",", at))
            if self.text[at : at + 1] != '"':
                self._fail("a key in double quotes", at)
            key, after = self._scalar(at, "a key")
            after = self.skip(self._expect(":", self.skip(after)))
            found[key], after = self.value(after, (*path, key))
            at = self.skip(after)
        return found, at + 1

    def _array(self, at: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "]":
            if found:
                at = self.skip(self._expect(",", at))
            item, after = self.value(at, (*path, len(found)))
            found.append(item)
            at = self.skip(after)
        return found, at + 1

    def _expect(self, char: str, at: int) -> int:
        if self.text[at : at + 1] != char:
            self._fail(f"'{char}'", at)
        return at + 1

    def _fail(self, wanted: str, at: int) -> Any:
        here = "the end of the file" if at >= len(self.text) else repr(self.text[at])
        message = f"{wanted} is wanted here, not {here}"
        raise JsonError(message, min(at, max(0, len(self.text) - 1)))
