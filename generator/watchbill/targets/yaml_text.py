"""The one YAML serializer: block style, stable, strings that any YAML 1.1 or 1.2 reader takes for the same text."""

from __future__ import annotations

import re
from functools import lru_cache
from json import dumps
from typing import Any

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./;-]*(?:[:=][A-Za-z0-9_./-]+)*")
_NOT_TEXT = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|nan|inf)")
_DURATION = re.compile(r"(?:\d+(?:ms|[dhms]))+")
_BLOCK_LINES = re.compile(r"[\x20-\x7e\u00a1-\u02ff\u0370-\u1fff]+(?:\n[\x20-\x7e\u00a1-\u02ff\u0370-\u1fff]+)+")
_BLOCK = re.compile(r"[\x20-\x7e\u00a1-\u02ff\u0370-\u1fff]+")


@lru_cache(maxsize=32768)
def scalar(value: str) -> str:
    """Return a one-line scalar; quoted wherever plain style could be read as something else."""
    if (_PLAIN.fullmatch(value) and not _NOT_TEXT.fullmatch(value)) or _DURATION.fullmatch(value):
        return value
    if not _BLOCK.fullmatch(value):
        return '"' + "".join(_escaped(c) for c in value) + '"'
    return "'" + value.replace("'", "''") + "'" if '"' in value or "\\" in value else f'"{value}"'


def _escaped(char: str) -> str:
    """Return a character as in JSON, but for those that JSON writes as two surrogates, which no YAML reader takes."""
    return dumps(char)[1:-1] if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def dump(value: Any, indent: int = 0) -> str:
    """Return the YAML of nested dicts, lists, strings and whole numbers."""
    lines: list[str] = []
    _write(value, " " * indent, lines)
    return "\n".join(lines) + "\n"


def entry(key: str, text: str, indent: int) -> str:
    """Return one `key: text` line or block, for writers that know their shape."""
    pad = " " * indent
    return f"{_text(f'{pad}{key}:', text, pad)}\n"


def _text(head: str, text: str, pad: str) -> str:
    if "\n" in text and text[0] not in " \n" and _BLOCK_LINES.fullmatch(text):
        inner = text.replace("\n", f"\n{pad}  ")
        return f"{head} |-\n{pad}  {inner}"
    return f"{head} {scalar(text)}"


def _write(value: Any, pad: str, lines: list[str]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _entry(f"{pad}{scalar(key)}:", item, pad, lines)
    else:
        for item in value:
            if isinstance(item, dict) and item:
                start = len(lines)
                _write(item, pad + "  ", lines)
                lines[start] = f"{pad}- {lines[start][len(pad) + 2 :]}"
            else:
                _entry(f"{pad}-", item, pad, lines)


def _entry(head: str, item: Any, pad: str, lines: list[str]) -> None:
    if isinstance(item, str):
        lines.append(_text(head, item, pad))
    elif isinstance(item, dict | list | tuple):
        if not item:
            lines.append(f"{head} {'{}' if isinstance(item, dict) else '[]'}")
        else:
            lines.append(head)
            _write(item, pad + "  ", lines)
    elif isinstance(item, bool):
        lines.append(f"{head} {'true' if item else 'false'}")
    else:
        lines.append(f"{head} {item}")
