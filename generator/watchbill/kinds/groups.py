"""Rules of one derivation level as groups, none larger than Mimir takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.model import RuleGroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from watchbill.model import Alert, RecordingRule

MAX_RULES = 20
"""Mimir's default limit of rules per group."""


def rule_groups(
    service: str, name: str, level: str, interval: int, rules: Iterable[RecordingRule | Alert]
) -> Iterator[RuleGroup]:
    """Yield the groups of a unit's level; `interval` in ms. The first one's name has no number: it fixes the phase."""
    listed = tuple(rules)
    for part in range(0, len(listed), MAX_RULES):
        suffix = f"{level}-{part // MAX_RULES + 1}" if part else level
        yield RuleGroup(conventions.group(service, name, suffix), interval, listed[part : part + MAX_RULES])
