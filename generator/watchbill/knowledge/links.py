"""Links in a text: to another page, to a section, or to an address. Nothing else leads anywhere from the site."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from markdown_it import MarkdownIt

from watchbill.diagnostics import did_you_mean
from watchbill.knowledge import codes
from watchbill.knowledge.headings import HEADINGS, slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from watchbill.diagnostics import Problem
    from watchbill.knowledge.topic import Section

_PAGE = re.compile(r"(?:\./)?([A-Za-z0-9_]+)\.md(?:#(.*))?")
ANCHORS = frozenset({"numbers", "notes", *(slug(h) for h in HEADINGS)})


@lru_cache(maxsize=1)
def markdown() -> MarkdownIt:
    """Return the one Markdown reader: CommonMark with tables; HTML in the text is text."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def dead_links(section: Section, pages: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each link that leads nowhere, and for each image: pages ship none."""
    for token in markdown().parse(section.text):
        for child in token.children or ():
            if child.type == "image":
                yield _problem(section, token.map, str(child.attrs.get("src", "")), "pages ship no images: link to it")
            elif child.type == "link_open":
                target = unquote(str(child.attrs.get("href", "")))
                text, hint = _fault(target, pages)
                if text:
                    yield _problem(section, token.map, target, text, hint)


def _fault(target: str, pages: Collection[str]) -> tuple[str, str]:
    if re.match(r"(?:https?://[^/]|mailto:.)", target):
        return "", ""
    shown = f"'{target[:80]}'"
    if target.startswith("#"):
        return (
            ("", "")
            if target[1:] in ANCHORS
            else (f"no section has the anchor {shown}", did_you_mean(target[1:], ANCHORS))
        )
    match = _PAGE.fullmatch(target)
    if match is None:
        return f"{shown} leads nowhere", ""
    if match[1] not in pages:
        return f"there is no page {shown}", did_you_mean(match[1], pages)
    if match[2] and match[2] not in ANCHORS:
        return f"no section has the anchor '#{match[2][:60]}'", did_you_mean(match[2], ANCHORS)
    return "", ""


def _problem(section: Section, lines: list[int] | None, target: str, text: str, hint: str = "") -> Problem:
    starts = [0, *(m.end() for m in re.finditer("\n", section.text))]
    begin = starts[min(lines[0], len(starts) - 1)] if lines else 0
    at = section.text.find(target, begin)
    return section.problem(codes.DEAD_LINK, at if at >= 0 else begin, len(target), text, hint)
