"""The text, its nodes with their marks, and its plain values; what nobody could splice safely is refused here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from watchbill.errors import WatchbillError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 16 * 1024 * 1024
_ODD_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OWN_TAGS = "tag:yaml.org,2002:"


class HostError(WatchbillError):
    """The file cannot be merged into safely; the message says where and why."""


def at_line(name: str, line: int, reason: str, hint: str = "") -> HostError:
    """Return the error with its place; lines count from 1."""
    return HostError(f"{name}:{line}: {reason}" + (f"\n    hint: {hint}" if hint else ""))


@dataclass(frozen=True, slots=True)
class Host:
    """A configuration; `node` is its root mapping."""

    name: str
    text: str
    node: yaml.MappingNode
    values: dict[str, Any]


def read(path: Path) -> str:
    """Return the file's text, every byte of it. Raises HostError."""
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise HostError(f"could not read {path}: {exc.strerror or exc}") from exc
    if len(data) > MAX_BYTES:
        raise HostError(f"{path}: larger than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise at_line(str(path), data[: exc.start].count(b"\n") + 1, "this is not UTF-8") from None


def parse(name: str, text: str) -> Host:
    """Return the configuration. Raises HostError with the line of what cannot be merged into."""
    odd = _ODD_BREAKS.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        raise at_line(name, line, "a line ends in a way that editors and YAML readers count differently")
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        root = documents[0] if documents else None
        if len(documents) > 1:
            raise at_line(name, documents[1].start_mark.line + 1, "a second YAML document begins here")
        if not isinstance(root, yaml.MappingNode):
            raise at_line(name, 1, "this is no Alertmanager configuration: it has no `route:`")
        for node in _nodes(root, set()):
            _checked(name, node)
        values = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader; from nodes of its own: constructing resolves merge keys in place
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        raise at_line(name, mark.line + 1 if mark else 1, f"not YAML: {exc.problem or exc.context}") from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as exc:
        raise at_line(name, 1, "this is YAML that cannot be read") from exc
    return Host(name, text, root, values)


def _nodes(node: yaml.Node, seen: set[int]) -> Iterator[yaml.Node]:
    if id(node) in seen:
        return
    seen.add(id(node))
    yield node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _nodes(key, seen)
            yield from _nodes(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _nodes(item, seen)


def _checked(name: str, node: yaml.Node) -> None:
    line = node.start_mark.line + 1
    if not node.tag.startswith(_OWN_TAGS):
        raise at_line(name, line, f"the tag {node.tag[:40]} stands for what some other tool puts here")
    if isinstance(node, yaml.MappingNode):
        keys: dict[str, int] = {}
        for key, _ in node.value:
            at = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise at_line(name, at, "a key is no text")
            if key.value in keys and key.value != "<<":
                raise at_line(name, at, f"'{key.value[:60]}' is given twice, first on line {keys[key.value]}")
            keys[key.value] = at
