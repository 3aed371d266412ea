"""The one JSON serializer: keys in the order they were built in, one space a level, text as it is."""

from __future__ import annotations

from json import dumps
from typing import Any


def dump(value: Any) -> str:
    """Return the text of a file."""
    return dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
