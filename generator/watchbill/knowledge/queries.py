"""The queries in a text: fenced blocks marked promql."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.knowledge.reading import FENCE

if TYPE_CHECKING:
    from collections.abc import Iterator


def promql_blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and content of each promql block; those of a list keep the list's indentation."""
    fence, language, begin, offset = "", "", 0, 0
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if mark and not fence:
            fence, language, begin = mark[1], line[mark.end() :].strip(), offset + len(line) + 1
        elif mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
            if language == "promql" and text[begin:offset].strip():
                body = text[begin:offset].rstrip()
                lead = len(body) - len(body.lstrip())
                yield begin + lead, body[lead:]
            fence = ""
        offset += len(line) + 1
