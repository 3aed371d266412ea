"""YAML -> plain values, with the place of every key and value kept beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

MAX_DEPTH = 32
MAX_NODES = 100_000
MAX_BYTES = 4 * 1024 * 1024

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """Line and column from 1."""

    line: int
    column: int


class SyntaxFault(Exception):  # noqa: N818 - never leaves this package
    """The text is no YAML we read."""

    def __init__(self, place: Place, message: str) -> None:
        self.place = place
        super().__init__(message)


@dataclass
class Tree:
    """Plain values; by path, where a value stands, and where its key does."""

    root: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def locate(self, path: Path, *, on_key: bool = False) -> Place:
        """Return the place of the deepest part of `path` there is; parts that match nothing are passed over."""
        known: Path = ()
        for part in path:
            if (*known, part) in self.values:
                known = (*known, part)
        return (self.keys if on_key else self.values).get(known) or self.values.get(known, Place(1, 1))


def read(text: str) -> Tree:
    """Return the tree of one YAML document. Raises SyntaxFault with the first fault."""
    if len(text) > MAX_BYTES:
        raise SyntaxFault(Place(1, 1), "larger than 4 MiB")
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(str(error.problem or error.context).split())
        raise SyntaxFault(_place(mark) if mark else Place(1, 1), message) from None
    except yaml.YAMLError as error:  # control characters
        raise SyntaxFault(Place(1, 1), " ".join(str(error).split())[:200]) from None
    tree = Tree()
    tree.root = _value(tree, node, ()) if node is not None else {}
    return tree


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def _value(tree: Tree, node: Any, path: Path) -> Any:
    place = _place(node.start_mark)
    tree.values[path] = place
    if len(tree.values) > MAX_NODES:  # aliases of aliases: a kilobyte can mean a billion values
        raise SyntaxFault(place, f"more than {MAX_NODES} values")
    if len(path) > MAX_DEPTH:
        raise SyntaxFault(place, f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(node, yaml.SequenceNode):
        return [_value(tree, item, (*path, index)) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(tree, node, path)
    return _scalar(node)


def _mapping(tree: Tree, node: Any, path: Path) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place, key = _place(key_node.start_mark), key_node.value
        if not isinstance(key, str) or key_node.tag == "tag:yaml.org,2002:merge":
            raise SyntaxFault(place, "a key must be text, and '<<' is not read")
        if key in out:
            raise SyntaxFault(place, f"'{key[:60]}' is already given on line {tree.keys[*path, key].line}")
        tree.keys[*path, key] = place
        out[key] = _value(tree, value_node, (*path, key))
    return out


def _scalar(node: Any) -> Any:
    """Read null, true, false and numbers; YAML 1.1's dates, `no` and 1:30 surprise people, so they stay text."""
    kind, text = node.tag.rpartition(":")[2], node.value
    if kind not in {"str", "null", "bool", "int", "float", "timestamp"}:
        raise SyntaxFault(_place(node.start_mark), f"the tag {node.tag[:60]} is not read")
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind in {"int", "float"}:
        try:
            return int(text) if kind == "int" else float(text)
        except ValueError:
            return text
    return text
