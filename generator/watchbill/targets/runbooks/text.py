"""Knowledge as Markdown on a page: placeholders filled, and a link to run it under each query."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from watchbill.knowledge.placeholders import Slot, filled, pieces
from watchbill.knowledge.queries import promql_blocks
from watchbill.targets.runbooks.escape import code, prose
from watchbill.targets.runbooks.links import run

if TYPE_CHECKING:
    from watchbill.model import Links


@lru_cache(maxsize=4096)
def _compiled(text: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, text) parts: `text`, a `prose` or `code` placeholder, or a query to `run` with its indentation."""
    parts: list[tuple[str, str]] = []
    done = 0
    for offset, query in promql_blocks(text):
        end = text.find("\n", offset + len(query))
        closing = text.find("\n", end + 1)
        closing = len(text) if closing < 0 else closing
        parts += _spans(text[done:offset])
        parts += [("code", query), ("text", text[offset + len(query) : closing])]
        start = text.rfind("\n", 0, offset) + 1
        parts.append(("run", f"{text[start:offset]}\0{query}"))
        done = closing
    return (*parts, *_spans(text[done:]))


def _spans(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    line, fenced = "", False
    for part in pieces(text).parts:
        if isinstance(part, Slot):
            in_code = fenced or line.count("`") % 2 == 1
            found.append(("code" if in_code else "prose", f"{{{{ {part.name} }}}}"))
            continue
        fenced ^= part.count("```") % 2 == 1
        line = part.rsplit("\n", 1)[1] if "\n" in part else line + part
        found.append(("text", part))
    return found


def markdown(text: str, values: dict[str, str], links: Links) -> str:
    """Return the text for one page."""
    out: list[str] = []
    for kind, part in _compiled(text):
        if kind == "text":
            out.append(part)
        elif kind == "prose":
            out.append(prose(filled(part, values)))
        elif kind == "code":
            value = filled(part, values)
            if not value and out:
                out[-1] = out[-1].removesuffix(",")
            out.append(value if "\n" in part or len(part) > 80 else code(value))
        else:
            indent, _, query = part.partition("\0")
            link = run(links, filled(query, values).replace(f"\n{indent}", "\n"))
            out.append(f"\n\n{indent}[Run]({link.url})" if link else "")
    return "".join(out)
