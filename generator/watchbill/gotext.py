"""Go templates, as Prometheus and Alertmanager read them: enough to tell a broken one before it fails at 3 am."""

from __future__ import annotations

import re

_STRING = r"\"(?:\\.|[^\"\\\n])*\"|`[^`]*`"
_ACTION = re.compile(r"\{\{-?(?P<inside>(?:" + _STRING + r"|/\*.*?\*/|(?!\}\}|\{\{).)*?)-?\}\}", re.DOTALL)
_STRINGS = re.compile(_STRING)
_OPENING = frozenset({"if", "range", "with", "define", "block"})
FUNCTIONS = frozenset({
    "and", "or", "not", "len", "index", "slice", "print", "printf", "println", "html", "js", "call", "urlquery",
    "eq", "ne", "lt", "le", "gt", "ge", "template", "if", "else", "end", "range", "with", "define", "block", "break",
    "continue", "true", "false", "nil",
    "toUpper", "toLower", "title", "join", "match", "safeHtml", "reReplaceAll", "stringSlice",
})  # fmt: skip
"""Words that every Alertmanager from 0.25 on knows in a template: Go's own and its functions."""


def fault(text: str) -> str:
    """Return what is wrong with a template text; empty if nothing is."""
    opened: list[str] = []
    position = 0
    for action in _ACTION.finditer(text):
        if "{{" in text[position : action.start()]:
            return "an action {{ is not closed by }}"
        position = action.end()
        inside = action["inside"].strip()
        wrong = "" if inside.startswith("/*") else _words(inside) or _nesting(inside.split(None, 1)[0], opened)
        if wrong:
            return wrong
    if "{{" in text[position:]:
        return "an action {{ is not closed by }}"
    return f"{{{{ {opened[-1]} }}}} is not closed by {{{{ end }}}}" if opened else ""


def _nesting(word: str, opened: list[str]) -> str:
    if word in _OPENING:
        opened.append(word)
    elif word == "end":
        if not opened:
            return "there is an {{ end }} too many"
        opened.pop()
    elif word == "else" and (not opened or opened[-1] in {"define", "block"}):
        return "an {{ else }} stands outside of if, range and with"
    return ""


def _words(inside: str) -> str:
    if not inside:
        return "an action {{ }} is empty"
    bare = _STRINGS.sub('""', inside)
    if bare.count('"') % 2 or bare.count("`") % 2:
        return "a quote is not closed"
    if bare.count("(") != bare.count(")"):
        return "a parenthesis is not closed"
    for word in re.findall(r"(?<![\w.$])[A-Za-z_]\w*", bare):
        if word not in FUNCTIONS:
            return f"'{word[:40]}' is no function of every Alertmanager's templates"
    return ""


def escaped(text: str) -> str:
    """Return text that Prometheus' templates print as it is."""
    return text.replace("{{", '{{ "{{" }}')
