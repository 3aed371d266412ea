"""Inhibition rules, evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from watchbill.routetree.matchers import Matcher


@dataclass(frozen=True, slots=True)
class Quiet:
    """An inhibition rule."""

    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]

    def keeps(self, source: Mapping[str, str], target: Mapping[str, str]) -> bool:
        """Whether `target` is quiet while `source` fires.

        An alert that matches both sides is kept quiet by none that does, itself included.
        """
        if not _all(self.source, source) or not _all(self.target, target):
            return False
        if any(source.get(name, "") != target.get(name, "") for name in self.equal):
            return False
        return not (_all(self.source, target) and _all(self.target, source))


def quieted_by(rules: Iterable[Quiet], source: Mapping[str, str], target: Mapping[str, str]) -> bool:
    """Whether any rule keeps `target` quiet while `source` fires."""
    return any(rule.keeps(source, target) for rule in rules)


def _all(matchers: tuple[Matcher, ...], labels: Mapping[str, str]) -> bool:
    return all(m.matches(labels) for m in matchers)
