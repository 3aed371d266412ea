"""Lines between `# BEGIN watchbill <service>` and `# END watchbill <service>`: whole lines in, the same lines out.

A list that was not there is added between markers without a service: it stays as long as any service's block is in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from watchbill import conventions
from watchbill.load.host import at_line
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from watchbill.load.host import Host, Place

_MARKER = re.compile(r"^[ ]*# (BEGIN|END) watchbill(?: ([a-z0-9-]+))?\r?$", re.MULTILINE)
_HOLDER = re.compile(r"^[ ]*# BEGIN watchbill\r?\n[ ]*[a-z_]+:[ ]*\r?\n[ ]*# END watchbill\r?\n", re.MULTILINE)


def written(place: Place, items: list[Any], service: str) -> str:
    """Return the lines that go to a place, with the line breaks of the file."""
    outer = " " * place.column
    column = place.column + 2 if place.key else place.column
    inner = " " * column
    lines = f"{inner}# BEGIN watchbill {service}\n{inner}# {conventions.GENERATED_MARK}\n"
    lines += dump(items, column) + f"{inner}# END watchbill {service}\n"
    if place.key:
        lines = f"{outer}# BEGIN watchbill\n{outer}{place.key}:\n{lines}{outer}# END watchbill\n"
    return lines.replace("\n", place.newline)


def without(host: Host, service: str) -> str:
    """Return the text without the service's blocks, and without lists that were added for it alone."""
    spans = _spans(host, service)
    text = host.text
    for begin, end in reversed(spans):
        text = text[:begin] + text[end:]
    return _HOLDER.sub("", text) if spans else text


def _spans(host: Host, service: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    scalars = list(_scalars(host.node, set()))
    for marker in _MARKER.finditer(host.text):
        line = host.text.count("\n", 0, marker.start()) + 1
        if any(begin < marker.start() < end for begin, end in scalars):
            raise at_line(host.name, line, "this marker stands inside a text")
        word, whose = marker[1], marker[2] or ""
        if word == "BEGIN":
            if opened and (opened[-1][0] or not whose):
                raise at_line(host.name, line, "this block begins inside another one", "restore its END line")
            opened.append((whose, marker.start()))
            continue
        if not opened or opened[-1][0] != whose:
            raise at_line(host.name, line, "this block ends without having begun", "restore its BEGIN line")
        _, begin = opened.pop()
        end = host.text.find("\n", marker.end() - 1) + 1
        if not end:
            raise at_line(host.name, line, "the file ends on the END line", "end it with a line break")
        if whose == service:
            spans.append((begin, end))
    if opened:
        line = host.text.count("\n", 0, opened[-1][1]) + 1
        raise at_line(host.name, line, "this block has no END line", "restore it")
    return spans


def _scalars(node: Any, seen: set[int]) -> Any:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node.value, str):
        yield node.start_mark.index, node.end_mark.index
        return
    for item in node.value:
        for one in item if isinstance(item, tuple) else (item,):
            yield from _scalars(one, seen)
