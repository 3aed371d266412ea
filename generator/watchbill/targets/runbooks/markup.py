"""Knowledge as HTML: Markdown is read once per text, with placeholders as marks that are filled page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from watchbill.knowledge.placeholders import Slot, filled, pieces
from watchbill.targets.runbooks.links import run

if TYPE_CHECKING:
    from watchbill.model import Links

_MARK = re.compile(r"(?:\ue000|%EE%80%80)([ps])(\d+)(?:\ue001|%EE%80%81)")
_PRIVATE = str.maketrans("\ue000\ue001", "\ufffd\ufffd")
COMMANDS = frozenset({"sh", "bash", "console", "traceql", "logql", "sql"})
"""Blocks that somebody would copy; others show what to expect."""
_LINK = re.compile(r"(?:\./)?([A-Za-z0-9_]+)\.md(#.*)?")


@dataclass(frozen=True, slots=True)
class Query:
    """A fenced query, with its placeholders; a link to run it goes here."""

    text: str


Part = str | Slot | Query


@lru_cache(maxsize=4096)
def _compiled(text: str) -> tuple[Part, ...]:
    slots: list[Slot] = []
    queries: list[Query] = []

    def marked(part: str | Slot) -> str:
        if isinstance(part, str):
            return part.translate(_PRIVATE)
        slots.append(part)
        return f"\ue000p{len(slots) - 1}\ue001"

    def unmarked(content: str) -> str:
        return _MARK.sub(lambda m: f"{{{{ {slots[int(m[2])].name} }}}}", content)

    def fence(tokens: Any, index: int, options: Any, environment: Any) -> str:
        del options, environment
        token = tokens[index]
        body = f'<pre tabindex="0"><code>{escape(token.content.rstrip())}</code></pre>'
        if token.info.strip() != "promql":
            actions = '<div class="act"></div>' if token.info.strip() in COMMANDS else ""
            return f'<div class="q">{body}{actions}</div>\n'
        queries.append(Query(unmarked(token.content.rstrip())))
        return f'<div class="q">{body}<div class="act">\ue000s{len(queries) - 1}\ue001</div></div>\n'

    reader, rules = _reader()
    rules["fence"] = fence
    html = reader.render("".join(marked(p) for p in pieces(text).parts))
    parts: list[Part] = []
    done = 0
    for found in _MARK.finditer(html):
        parts.append(html[done : found.start()])
        parts.append((slots if found[1] == "p" else queries)[int(found[2])])
        done = found.end()
    return tuple(p for p in (*parts, html[done:]) if p)


@lru_cache(maxsize=1)
def _reader() -> tuple[MarkdownIt, dict[str, Any]]:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    renderer: Any = reader.renderer
    rules: dict[str, Any] = renderer.rules

    def opened(tokens: Any, index: int, options: Any, environment: Any) -> str:
        token = tokens[index]
        match = _LINK.fullmatch(str(token.attrs.get("href", "")))
        if match:
            token.attrs["href"] = f"{match[1]}.html{match[2] or ''}"
        return str(renderer.renderToken(tokens, index, options, environment))

    rules["link_open"] = opened
    rules["image"] = lambda tokens, index, *_: escape(tokens[index].content)
    rules["table_open"] = lambda *_: '<div class="wide"><table>\n'
    rules["table_close"] = lambda *_: "</table></div>\n"
    return reader, rules


def html(text: str, values: dict[str, str], links: Links) -> Markup:
    """Return the text for one page."""
    out: list[str] = []
    for part in _compiled(text):
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, Slot):
            value = filled(f"{{{{ {part.name} }}}}", values)
            if not value and out:
                out[-1] = out[-1].removesuffix(",")
            out.append(escape(value))
        elif link := run(links, filled(part.text, values)):
            out.append(f'<a class="run" href="{escape(link.url)}" data-fill="{link.fill}">Run</a>')
    return Markup("".join(out))  # noqa: S704 - every part is escaped above or rendered with HTML off
