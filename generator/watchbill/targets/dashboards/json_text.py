"""The one JSON serializer: keys in the order they were built in, a line for each fact that a diff should show alone.

Down to the queries of a panel every item has a line; what is inside them stands on that line, written by the fast
encoder. What nobody sees, or what ends a line in some editors, is escaped, so that diffs stay lines.
"""

from __future__ import annotations

import re
from json import JSONEncoder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPTH = 4
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_ENCODE = JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False).encode


def dump(value: Any) -> str:
    """Return the text of a file."""
    text = "".join(_written(value, 0))
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _written(value: Any, depth: int) -> Iterator[str]:
    if depth == DEPTH or not value or not isinstance(value, dict | list):
        yield _ENCODE(value)
        return
    pad = "\n" + " " * (depth + 1)
    items = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for i, (key, item) in enumerate(items):
        yield ("," if i else "{" if isinstance(value, dict) else "[") + pad
        if key is not None:
            yield f"{_ENCODE(key)}: "
        yield from _written(item, depth + 1)
    yield pad[:-1] + ("}" if isinstance(value, dict) else "]")
