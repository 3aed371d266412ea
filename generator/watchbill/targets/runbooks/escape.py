"""Text from anywhere, made harmless in Markdown and in HTML."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from watchbill.knowledge.values import one_line

_SPECIAL = re.compile(r"([\\`*\[\]<>#|~&]|(?<!\w)_|_(?!\w)|!(?=\[)|^[-+=]|(?<=^\d)[.)])")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=4096)
def prose(text: str) -> str:
    """Return one line of Markdown that reads as the text: nothing in it is markup."""
    return _SPECIAL.sub(r"\\\1", one_line(text))


def code(text: str) -> str:
    """Return text for within an inline code span."""
    return one_line(text).replace("`", "'")


def cell(text: str) -> str:
    """Return text for a cell of a Markdown table."""
    return prose(text)


@lru_cache(maxsize=4096)
def broken_camel(name: str) -> Markup:
    """Return a CamelCase name that a narrow screen may break between words."""
    return Markup("<wbr>").join(escape(part) for part in _HUMP.split(name))
