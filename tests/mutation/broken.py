"""A unit's rules -> mutants of the unit: every rule's expression, labels and pauses, rules gone and names swapped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

from tests.mutation.mutants import Surroundings, mutants, surroundings
from watchbill.model import Alert, RecordingRule, RuleFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Unit

PLENTY = ("longer range", "shorter range", "metric")
ONE_IN = 5
"""Each read swapped for every other one of its file makes two thirds of all mutants: one in five of those is tried."""

Rule = RecordingRule | Alert
Place = tuple[int, int, int]
"""File, group and rule, by index."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: what the rules at some places became (None: gone)."""

    name: str
    changes: tuple[tuple[Place, Rule | None], ...]


def named(rule: Rule) -> str:
    """Return the series family or the alert."""
    return rule.record if isinstance(rule, RecordingRule) else rule.name


def places(files: tuple[RuleFile, ...]) -> Iterator[tuple[Place, Rule]]:
    """Yield every rule and where it is."""
    for f, file in enumerate(files):
        for g, group in enumerate(file.groups):
            for r, rule in enumerate(group.rules):
                yield (f, g, r), rule


def changed(files: tuple[RuleFile, ...], changes: tuple[tuple[Place, Rule | None], ...]) -> tuple[RuleFile, ...]:
    """Return the files with the changes made."""
    became = dict(changes)
    out = []
    for f, file in enumerate(files):
        groups = []
        for g, group in enumerate(file.groups):
            kept = (became.get((f, g, r), rule) for r, rule in enumerate(group.rules))
            groups.append(replace(group, rules=tuple(rule for rule in kept if rule is not None)))
        out.append(replace(file, groups=tuple(groups)))
    return tuple(out)


def mutated(unit: Unit) -> list[Mutant]:
    """Return the mutants of the unit, always the same."""
    listed = list(places(unit.files))
    around = [surroundings(rule.expr for (f, _, _), rule in listed if f == index) for index in range(len(unit.files))]
    out = []
    for place, rule in listed:
        for what, new in _of_rule(rule, around[place[0]]):
            out.append(Mutant(f"{_title(rule)} | {what}", ((place, new),)))
    for (here, one), (there, other) in pairwise(listed):
        if isinstance(one, RecordingRule) and isinstance(other, RecordingRule) and one.record != other.record:
            swap = ((here, replace(one, record=other.record)), (there, replace(other, record=one.record)))
            out.append(Mutant(f"{_title(one)} | record swapped with {other.record}", swap))
    return out


def _title(rule: Rule) -> str:
    tier = dict(rule.labels).get("tier")
    return named(rule) + (f" ({tier})" if tier and isinstance(rule, RecordingRule) else "")


def _of_rule(rule: Rule, around: Surroundings) -> Iterator[tuple[str, Rule | None]]:
    yield "deleted", None
    for what, expr in mutants(rule.expr, around):
        if not what.startswith(PLENTY) or crc32(f"{named(rule)} {what}".encode()) % ONE_IN == 0:
            yield what, replace(rule, expr=expr)
    for i, (name, value) in enumerate(rule.labels):
        before, after = rule.labels[:i], rule.labels[i + 1 :]
        yield f"label: without {name}", replace(rule, labels=(*before, *after))
        yield f"label: other {name}", replace(rule, labels=(*before, (name, f"not-{value}"), *after))
    if isinstance(rule, Alert):
        for factor in (0, 0.5, 2):
            if rule.pending:
                yield f"for: x{factor}", replace(rule, pending=int(rule.pending * factor))
            if rule.keep_firing:
                yield f"keep_firing_for: x{factor}", replace(rule, keep_firing=int(rule.keep_firing * factor))
