"""Which label sets change their receivers from one route tree to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill import conventions, regexes
from watchbill.routetree import receivers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from watchbill.routetree import Matcher, Node

ELSEWHERE = "some-other-value-1"


@dataclass(frozen=True, slots=True)
class Change:
    """A label set, and who gets it before and after."""

    labels: tuple[tuple[str, str], ...]
    before: tuple[str, ...]
    after: tuple[str, ...]

    def shown(self) -> str:
        """Return the labels in one line."""
        return ", ".join(f"{k}={v}" for k, v in self.labels) or "an alert without labels"


def changes(before: Node, after: Node, sets: Iterable[Mapping[str, str]]) -> tuple[Change, ...]:
    """Return the label sets that go elsewhere afterwards."""
    found = ((labels, receivers(before, labels), receivers(after, labels)) for labels in sets)
    return tuple(Change(tuple(sorted(labels.items())), old, new) for labels, old, new in found if old != new)


def strangers(root: Node, service: str) -> Iterator[dict[str, str]]:
    """Yield label sets that are not ours: for every route one that reaches it, and its neighbours that just do not."""
    yield {}
    yield {"alertname": "Any"}
    yield {"alertname": "Any", conventions.MARKER: f"not-{service}"}
    for way in root.walk():
        matchers = [m for node in way for m in node.matchers]
        labels = _example(matchers)
        if labels.get(conventions.MARKER) == service:
            del labels[conventions.MARKER]
        yield labels
        yield {**labels, conventions.MARKER: f"not-{service}"}
        for name in labels:
            yield {**labels, name: ELSEWHERE} if name != conventions.MARKER else dict(labels)
            yield {k: v for k, v in labels.items() if k != name}


def _example(matchers: list[Matcher]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for name in dict.fromkeys(m.name for m in matchers):
        own = [m for m in matchers if m.name == name]
        tries = [v for m in own for v in ((m.value,) if m.op in {"=", "!="} else regexes.examples(m.value))]
        fitting = (v for v in (*tries, ELSEWHERE, "") if all(m.matches({name: v}) for m in own))
        value = next(fitting, "")
        if value:
            labels[name] = value
    return labels
