"""The rendered runbooks of a spec, and what a browser would make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import html5lib

from tests.unit.factories import loaded
from watchbill.lint import lint
from watchbill.model import Note
from watchbill.plan import build
from watchbill.targets import runbooks

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Spec = dict[str, Any]
SITE = "runbooks/site/"


def rendered(spec: Spec, **notes: str) -> dict[str, str]:
    """Return the files of a spec whose notes have no finding."""
    document = loaded(spec).document
    given = tuple(Note(name.replace("_", "-"), f"notes/{name}.md", text) for name, text in notes.items())
    assert [p.message for p in lint(document, given) if p.spot] == []
    return dict(runbooks.render(build(document, given)))


def parsed(text: str) -> Element:
    """Return the document. Raises at anything the HTML standard calls a parse error."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    return tree


def addresses(page: Element) -> list[str]:
    """Return everything a page links to or loads."""
    return [e.attrib[a] for e in page.iter() for a in ("href", "src", "action", "srcset", "data") if a in e.attrib]


def words(page: Element) -> str:
    """Return what a reader sees, pieces apart by spaces."""
    return " ".join(" ".join(_texts(page)).split())


def _texts(element: Element) -> list[str]:
    if element.tag in {"script", "style"}:
        return []
    found = [element.text or ""]
    for child in element:
        found += [*_texts(child), child.tail or ""]
    return found
