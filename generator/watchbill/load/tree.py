"""YAML events -> plain values, with the position of every key and value kept beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from watchbill.load import codes

if TYPE_CHECKING:
    from watchbill.diagnostics import Code

MAX_DEPTH = 64
MAX_NODES = 2_000_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(\d{1,18}\.\d*|\.\d+|\d{1,18}(?=[eE]))([eE][-+]?\d{1,3})?", re.ASCII)
_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Pos(NamedTuple):
    """A place: index of the file, line and column from 1, width of the caret run."""

    file: int
    line: int
    column: int
    width: int = 1


START = Pos(0, 1, 1)


class Places(NamedTuple):
    """Where a key stands and where its value begins; list items have the same for both."""

    key: Pos
    value: Pos


class Broken(Exception):  # noqa: N818 - never leaves this package
    """The text is no spec; carries the diagnostic's parts."""

    def __init__(self, code: Code, pos: Pos, message: str, hint: str = "") -> None:
        self.code, self.pos, self.message, self.hint = code, pos, message, hint
        super().__init__(message)


@dataclass(slots=True)
class Tree:
    """Plain values, and by id of each container the places of what it holds (the tree keeps the containers alive)."""

    root: Any = None
    root_pos: Pos = START
    places: dict[int, dict[Any, Places]] = field(default_factory=dict)
    keep: list[Any] = field(default_factory=list)

    def locate(self, path: tuple[Any, ...], *, on_key: bool = False) -> Pos:
        """Return the place of the deepest part of `path` that exists; parts that match nothing are passed over."""
        node, pos = self.root, self.root_pos
        for i, part in enumerate(path):
            places = self.places.get(id(node), {})
            if part in places if isinstance(part, str | int) else False:
                pos = places[part].key if on_key and i == len(path) - 1 else places[part].value
                node = node[part]
        return pos


@dataclass(slots=True)
class _Frame:
    container: Any
    places: dict[Any, Places]
    anchor: str | None
    start: Pos
    key: Any = None
    key_pos: Pos | None = None
    merge: bool = False
    merged: list[Any] = field(default_factory=list)
    nodes: int = 1


class _Builder:
    def __init__(self, file: int) -> None:
        self.file = file
        self.tree = Tree()
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.documents = 0

    def pos(self, event: Any) -> Pos:
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Pos(self.file, start.line + 1, start.column + 1, max(1, width))

    def feed(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
            if event.anchor:
                self.anchors[event.anchor] = (value, 1)
            self._add(value, self.pos(event), 1)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            pos = self.pos(event)
            if event.anchor not in self.anchors:
                open_ones = {f.anchor for f in self.stack}
                why = "contains itself" if event.anchor in open_ones else "names no anchor above"
                raise Broken(codes.ALIAS, pos, f"alias *{event.anchor} {why}")
            value, nodes = self.anchors[event.anchor]
            self._add(value, pos, nodes)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise Broken(codes.SYNTAX, self.pos(event), "a spec is one YAML document; '---' starts a second one")

    def _scalar(self, event: Any) -> Any:
        if event.tag not in {None, "!"} and event.tag != "tag:yaml.org,2002:str":
            raise Broken(codes.TAG, self.pos(event), f"the tag {str(event.tag)[:60]} is not read")
        return event.value if event.style or event.tag else resolve(event.value)

    def _open(self, event: Any) -> None:
        pos = self.pos(event)._replace(width=1)
        if event.tag not in {None, "!"}:
            raise Broken(codes.TAG, pos, f"the tag {str(event.tag)[:60]} is not read")
        if len(self.stack) >= MAX_DEPTH:
            raise Broken(codes.TOO_BIG, pos, f"nested deeper than {MAX_DEPTH} levels")
        container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        places: dict[Any, Places] = {}
        self.tree.places[id(container)] = places
        self.tree.keep.append(container)
        self.stack.append(_Frame(container, places, event.anchor, pos))

    def _close(self) -> None:
        frame = self.stack.pop()
        for source in frame.merged:
            for key, value in source.items():
                if key not in frame.container:
                    frame.container[key] = value
                    frame.places[key] = self.tree.places[id(source)][key]
        if frame.anchor:
            self.anchors[frame.anchor] = (frame.container, frame.nodes)
        self._add(frame.container, frame.start, frame.nodes)

    def _add(self, value: Any, pos: Pos, nodes: int) -> None:
        if not self.stack:
            self.tree.root, self.tree.root_pos = value, pos
            return
        frame = self.stack[-1]
        frame.nodes += nodes
        if frame.nodes > MAX_NODES:
            raise Broken(codes.TOO_BIG, pos, "aliases expand to more than two million nodes")
        if isinstance(frame.container, list):
            frame.places[len(frame.container)] = Places(pos, pos)
            frame.container.append(value)
        elif frame.key_pos is None:
            self._key(frame, value, pos)
        else:
            self._value(frame, value, pos)

    def _key(self, frame: _Frame, key: Any, pos: Pos) -> None:
        if not isinstance(key, str):
            shown = "a list or mapping" if isinstance(key, dict | list) else f"{key!r}"
            raise Broken(codes.SYNTAX, pos, f"a key must be text, not {shown}", "Quote the key.")
        if key in frame.places and key != "<<":
            first = frame.places[key].key.line
            raise Broken(codes.DUPLICATE, pos, f"'{key[:60]}' is already given on line {first}")
        frame.key, frame.key_pos, frame.merge = key, pos, key == "<<"

    def _value(self, frame: _Frame, value: Any, pos: Pos) -> None:
        key_pos = frame.key_pos or pos
        frame.key_pos = None
        if frame.merge:
            sources = value if isinstance(value, list) else [value]
            if not all(isinstance(s, dict) for s in sources):
                raise Broken(codes.SYNTAX, pos, "'<<' merges mappings only")
            frame.merged.extend(sources)
            return
        frame.container[frame.key] = value
        frame.places[frame.key] = Places(key_pos, pos)


def resolve(text: str) -> Any:
    """Return the value of a plain scalar: null, true, false, whole and decimal numbers; everything else is text.

    YAML 1.1's other readings (`no` as false, `1:30` as 90, dates) surprise people, so they stay text.
    """
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    first = text[0]
    if first.isascii() and (first.isdigit() or first in "-+."):
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


def build(text: str, file: int) -> Tree:
    """Return the tree of one YAML text. Raises Broken with the place of the first fault."""
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.feed(event)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        pos = Pos(file, mark.line + 1, mark.column + 1) if mark else Pos(file, 1, 1)
        raise Broken(codes.SYNTAX, pos, " ".join(str(exc.problem or exc.context).split())) from None
    except yaml.reader.ReaderError as exc:
        before = text[: exc.position] if isinstance(exc.position, int) else ""
        pos = Pos(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise Broken(codes.SYNTAX, pos, "the file holds a control character that YAML does not allow") from None
    except yaml.YAMLError as exc:
        raise Broken(codes.SYNTAX, Pos(file, 1, 1), " ".join(str(exc).split())[:200]) from None
    return builder.tree
