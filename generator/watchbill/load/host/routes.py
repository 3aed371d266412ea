"""The route tree of a configuration, to be evaluated: both spellings of matchers, each route with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from watchbill.load.host.document import at_line
from watchbill.routetree import BadMatcher, Matcher, Node, parse_matchers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.load.host.document import Host


def tree(host: Host) -> Node:
    """Return the routes. Raises HostError for what Alertmanager would not load."""
    node = next((v for k, v in host.node.value if k.value == "route"), None)
    if not isinstance(host.values.get("route"), dict) or not isinstance(node, yaml.MappingNode):
        raise at_line(host.name, 1, "this is no Alertmanager configuration: it has no `route:`")
    return _route(host, node, host.values["route"])


def _route(host: Host, node: yaml.Node, value: Any) -> Node:
    line = node.start_mark.line + 1
    if not isinstance(value, dict) or not isinstance(node, yaml.MappingNode):
        raise at_line(host.name, line, "a route is a mapping")
    listed = value.get("routes") or []
    if not isinstance(listed, list):
        raise at_line(host.name, line, "`routes:` is no list")
    children = next((v for k, v in node.value if k.value == "routes"), None)
    nodes = children.value if isinstance(children, yaml.SequenceNode) else [node] * len(listed)
    try:
        matchers = tuple(_matchers(value))
    except (BadMatcher, AttributeError, TypeError) as exc:
        raise at_line(host.name, line, f"the matchers of this route cannot be read: {exc}") from None
    return Node(
        receiver=str(value.get("receiver") or ""),
        matchers=matchers,
        carries_on=value.get("continue") is True,
        routes=tuple(_route(host, n, v) for n, v in zip(nodes, listed, strict=True)),
        line=line,
    )


def _matchers(value: dict[str, Any]) -> Iterator[Matcher]:
    for op, key in (("=", "match"), ("=~", "match_re")):
        for name, text in (value.get(key) or {}).items():
            yield Matcher(str(name), op, _text(text))
    for text in value.get("matchers") or []:
        yield from parse_matchers(str(text))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
