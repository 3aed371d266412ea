"""What a Prometheus regex matches: full matches, and a few example strings, so that rules can be tested and linted."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from importlib import import_module
from itertools import islice, product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# The standard library's own regex parser: internal, but the same since 3.11, and a test would notice a change.
constants: Any = import_module("re._constants")
parser: Any = import_module("re._parser")

LIMIT = 8
_CLASSES = {
    constants.CATEGORY_DIGIT: "1",
    constants.CATEGORY_WORD: "a",
    constants.CATEGORY_SPACE: " ",
    constants.CATEGORY_NOT_DIGIT: "a",
    constants.CATEGORY_NOT_WORD: "-",
    constants.CATEGORY_NOT_SPACE: "a",
}


@lru_cache(maxsize=8192)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what Python may one day read otherwise; users see no such talk
            return re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return None


@lru_cache(maxsize=65536)
def full_match(pattern: str, text: str) -> bool:
    """Whether the anchored pattern matches; one that only RE2 knows matches nothing here."""
    compiled = _compiled(pattern)
    return bool(compiled and compiled.fullmatch(text))


def matches_everything(pattern: str) -> bool:
    """Whether the pattern keeps every value, so that its matcher says nothing."""
    return all(full_match(pattern, probe) for probe in ("", "a", "0", "some value-9.x", "\u00e4\u2603", "-"))


@lru_cache(maxsize=8192)
def examples(pattern: str) -> tuple[str, ...]:
    """Return up to eight strings the pattern matches; none where it cannot be read."""
    compiled = _compiled(pattern)
    if compiled is None:
        return ()
    try:
        found = islice(_sequence(parser.parse(pattern)), LIMIT * 4)
        return tuple(dict.fromkeys(s for s in found if compiled.fullmatch(s)))[:LIMIT]
    except (RecursionError, ValueError):
        return ()


def _sequence(items: Any) -> Iterator[str]:
    parts = [list(islice(_item(op, argument), LIMIT)) for op, argument in items]
    for combination in islice(product(*parts), LIMIT * 4):
        yield "".join(combination)


def _item(op: Any, argument: Any) -> Iterator[str]:  # noqa: C901 - one branch per construct of the grammar
    if op is constants.LITERAL:
        yield chr(argument)
    elif op is constants.NOT_LITERAL:
        yield "b" if argument == ord("a") else "a"
    elif op is constants.ANY:
        yield "a"
    elif op is constants.IN:
        yield _member(argument)
    elif op is constants.BRANCH:
        for branch in argument[1]:
            yield from islice(_sequence(branch), 2)
    elif op is constants.SUBPATTERN:
        yield from _sequence(argument[3])
    elif op in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
        low, high, body = argument
        count = max(low, 1) if high else 0
        if count > 64:
            return
        for text in _sequence(body):
            yield text * count
        if low == 0:
            yield ""
    elif op is constants.AT:
        yield ""


def _member(items: Any) -> str:
    if items and items[0][0] is constants.NEGATE:
        return next((c for c in "a0Z_-~ " if not any(_in_item(c, item) for item in items[1:])), "\u00e4")
    op, argument = items[0]
    if op is constants.RANGE:
        return chr(argument[0])
    if op is constants.CATEGORY:
        return _CLASSES[argument]
    return chr(argument)


def _in_item(char: str, item: Any) -> bool:
    op, argument = item
    if op is constants.LITERAL:
        return bool(ord(char) == argument)
    if op is constants.RANGE:
        return bool(argument[0] <= ord(char) <= argument[1])
    known: dict[Any, bool] = {
        constants.CATEGORY_DIGIT: char.isdigit(),
        constants.CATEGORY_WORD: char.isalnum() or char == "_",
        constants.CATEGORY_SPACE: char.isspace(),
    }
    return known.get(argument, True)


def escape(text: str) -> str:
    """Return the pattern that matches exactly this text, in RE2 and in Python."""
    return "".join(f"\\{c}" if c in r"\.+*?()|[]{}^$" else c for c in text)
