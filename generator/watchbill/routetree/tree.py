"""A tree of routes: an alert goes to the deepest routes that match, the first at each level unless it continues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from watchbill.routetree.matchers import Matcher


@dataclass(frozen=True, slots=True)
class Node:
    """One route; `receiver` is empty where it is its parent's. `line` says where it stands, 0 if nowhere."""

    receiver: str = ""
    matchers: tuple[Matcher, ...] = ()
    carries_on: bool = False
    routes: tuple[Node, ...] = ()
    line: int = 0

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether all matchers do."""
        return all(m.matches(labels) for m in self.matchers)

    def walk(self) -> Iterator[tuple[Node, ...]]:
        """Yield the way to every route, this one's first."""
        yield (self,)
        for child in self.routes:
            for way in child.walk():
                yield (self, *way)


def receivers(root: Node, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return who gets the label set, in Alertmanager's order; one receiver may be named twice."""
    return tuple(_found(root, labels, root.receiver))


def _found(node: Node, labels: Mapping[str, str], inherited: str) -> list[str]:
    if not node.matches(labels):
        return []
    own = node.receiver or inherited
    found: list[str] = []
    for child in node.routes:
        there = _found(child, labels, own)
        found += there
        if there and not child.carries_on:
            break
    return found or [own]
