"""The one JSON serializer: keys in the order they were built in, one space a level, text as it is.

But for what nobody sees, or what ends a line in some editors: that is escaped, so that diffs stay lines.
"""

from __future__ import annotations

import re
from json import dumps
from typing import Any

_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def dump(value: Any) -> str:
    """Return the text of a file."""
    text = dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
