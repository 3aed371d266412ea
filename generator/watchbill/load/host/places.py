"""Where the items of a list go: straight below the line of its key, so that no byte before or after it changes."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from watchbill.load.host.document import Host, HostError, at_line

MARKED = "watchbill"


@dataclass(frozen=True, slots=True)
class Place:
    """Lines go before the character at `index`, indented by `column`. `key`: the list is not there yet."""

    index: int
    column: int
    newline: str
    key: str = ""


def place(host: Host, path: tuple[str, ...]) -> Place:
    """Return where items of the list at `path` (`route`, `routes`) go. Raises HostError where they cannot."""
    *parents, last = path
    mapping = host.node
    _open(host, mapping, "the file")
    holder: yaml.Node | None = None
    for name in parents:
        holder = _key(mapping, name)
        inner = _value(mapping, name)
        if holder is None or not isinstance(inner, yaml.MappingNode):
            line = inner.start_mark.line + 1 if inner is not None else 1
            raise at_line(host.name, line, f"`{name}:` is no mapping; is this an Alertmanager configuration?")
        _own(host, holder, inner, name)
        _open(host, inner, f"`{name}:`")
        mapping = inner
    key, value = _key(mapping, last), _value(mapping, last)
    if key is not None and value is not None:
        return _in_list(host, key, value, last)
    if holder is not None:
        index, newline = _line_below(host, holder)
        return Place(index, mapping.value[0][0].start_mark.column, newline, last)
    return _above(host, last)


def _key(mapping: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((k for k, _ in mapping.value if k.value == name), None)


def _value(mapping: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((v for k, v in mapping.value if k.value == name), None)


def _open(host: Host, mapping: yaml.MappingNode, what: str) -> None:
    line = mapping.start_mark.line + 1
    if mapping.flow_style:
        raise _flow(host, line, what)
    merged = _key(mapping, "<<")
    if merged is not None:
        reason = f"{what} takes keys from an anchor, so that what is missing here may be there"
        raise at_line(host.name, merged.start_mark.line + 1, reason, "write the keys out")


def _flow(host: Host, line: int, what: str) -> HostError:
    return at_line(host.name, line, f"{what} is written in flow style, {{...}} or [...]", "write it in block style")


def _own(host: Host, key: yaml.Node, value: yaml.Node, name: str) -> None:
    """Refuse what is not written right here: an alias, or something others refer to."""
    line = key.start_mark.line + 1
    if value.start_mark.index < key.end_mark.index:
        raise at_line(host.name, line, f"`{name}:` is an alias of line {value.start_mark.line + 1}", "write it out")
    if host.text[value.start_mark.index : value.start_mark.index + 1] in {"&", "!"}:
        raise at_line(host.name, line, f"`{name}:` has an anchor or a tag: others may use it", "drop the anchor")


def _in_list(host: Host, key: yaml.Node, value: yaml.Node, name: str) -> Place:
    _own(host, key, value, name)
    empty = isinstance(value, yaml.ScalarNode) and not value.value
    if not empty and not isinstance(value, yaml.SequenceNode):
        raise at_line(host.name, key.start_mark.line + 1, f"`{name}:` is no list")
    if isinstance(value, yaml.SequenceNode) and value.flow_style:
        raise _flow(host, value.start_mark.line + 1, f"`{name}:`")
    index, newline = _line_below(host, key)
    return Place(index, key.start_mark.column + 2 if empty else value.start_mark.column, newline)


def _line_below(host: Host, key: yaml.Node) -> tuple[int, str]:
    """Return where the line below a key's line begins. Nothing but a comment may follow the key's colon."""
    line = key.start_mark.line + 1
    begin, end = key.start_mark.index - key.start_mark.column, host.text.find("\n", key.end_mark.index)
    after = host.text[key.end_mark.index : end].strip() if end >= 0 else ""
    before = host.text[begin : key.start_mark.index].strip()
    if end < 0:
        raise at_line(host.name, line, "the file ends on this line", "end it with a line break")
    if before or not after.startswith(":") or (after[1:].strip() and not after[1:].lstrip().startswith("#")):
        raise at_line(host.name, line, "something else stands on this line", "put what follows on a line of its own")
    return end + 1, "\r\n" if host.text[end - 1] == "\r" else "\n"


def _above(host: Host, name: str) -> Place:
    """A list of its own comes before `route:`, above the comments that belong to it."""
    key = _key(host.node, "route")
    if key is None:
        raise at_line(host.name, 1, "this is no Alertmanager configuration: it has no `route:`")
    _, newline = _line_below(host, key)
    index, column = key.start_mark.index - key.start_mark.column, key.start_mark.column
    found = index
    while found:
        above = host.text.rfind("\n", 0, found - 1) + 1
        line = host.text[above:found]
        own = line[:column].isspace() or not column
        if not own or not line[column:].startswith("#") or MARKED in line:
            return Place(found, column, newline, name)
        found = above
    return Place(index, column, newline, name)  # the comments are the file's own, from its first line on
