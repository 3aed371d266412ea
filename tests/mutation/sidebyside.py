"""Many mutants in one run of promtool: each records under a name of its own, beside the rules it would replace.

A mutated rule reads what the original reads and is asked what the original is asked, so it fails here exactly where it
would fail in its place. That decides nearly all mutants at a hundredth of the cost of a run each.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.mutation.broken import Mutant, Rule, changed, named, places
from watchbill.model import Alert, RecordingRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from watchbill.model import Records, RuleFile, RuleGroup, Scenario, Series, Unit

_TAG = re.compile(r"__mutant(\d+)")
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*:[a-zA-Z0-9_:]+")


def tags(output: str) -> set[int]:
    """Return the numbers of the mutants that promtool complains of."""
    return {int(number) for number in _TAG.findall(output)}


def families(mutant: Mutant, rules: Mapping[tuple[int, int, int], Rule]) -> set[str]:
    """Return the families that the mutant's own rules had or have."""
    return {named(rule) for place, new in mutant.changes for rule in (rules[place], new) if rule is not None}


def given(record: Records, series: Series) -> bool:
    """Whether the series is one of those the record selects: what a rule adds to it only shows in the rule's place."""
    return series.name == record.record and set(record.labels) <= set(series.labels)


def batch(unit: Unit, scenario: Scenario, mutants: Mapping[int, Mutant]) -> Unit | None:
    """Return a unit in which the scenario asks the mutants, by number; None where it asks none of them.

    Families that the scenario gives as input are left alone.
    """
    rules = dict(places(unit.files))
    asked = {f.alert for f in scenario.fires}
    asked |= {r.record for r in scenario.records if not any(given(r, s) for s in scenario.series)}
    clones: list[tuple[tuple[int, int], Rule]] = []
    fires, records = [], []
    for number, mutant in mutants.items():
        here = families(mutant, rules) & asked
        if not here:
            continue
        for (f, g, _), rule in places(changed(unit.files, mutant.changes)):
            if named(rule) in here and (scenario.level == "raw" or not unit.files[f].reads_inputs):
                clones.append(((f, g), _renamed(rule, number)))
        fires += [replace(x, alert=f"{x.alert}__mutant{number}") for x in scenario.fires if x.alert in here]
        records += [replace(x, record=f"{x.record}__mutant{number}") for x in scenario.records if x.record in here]
    if not fires and not records:
        return None
    read = _upstream(rules.values(), (rule for _, rule in clones))
    files = tuple(_with_clones(file, f, read, clones) for f, file in enumerate(unit.files))
    asking = replace(scenario, fires=tuple(fires), records=tuple(records))
    return replace(unit, files=files, prove=lambda: (asking,), backfill=None)


def _renamed(rule: Rule, number: int) -> Rule:
    name = f"{named(rule)}__mutant{number}"
    return replace(rule, record=name) if isinstance(rule, RecordingRule) else replace(rule, name=name, annotations=())


def _upstream(rules: Iterable[Rule], wanted: Iterable[Rule]) -> set[str]:
    """Return the recorded families that the wanted rules read, through any number of rules."""
    by_name: dict[str, list[RecordingRule]] = {}
    for rule in rules:
        if isinstance(rule, RecordingRule):
            by_name.setdefault(rule.record, []).append(rule)
    stack, found = list(wanted), set[str]()
    while stack:
        for name in set(_NAME.findall(stack.pop().expr)) - found:
            found.add(name)
            stack.extend(by_name.get(name, ()))
    return found


def _with_clones(file: RuleFile, f: int, read: set[str], clones: list[tuple[tuple[int, int], Rule]]) -> RuleFile:
    def kept(g: int, group: RuleGroup) -> tuple[Rule, ...]:
        own = (r for r in group.rules if not isinstance(r, Alert) and r.record in read)
        return (*own, *(rule for place, rule in clones if place == (f, g)))

    groups = (replace(group, rules=kept(g, group)) for g, group in enumerate(file.groups))
    return replace(file, groups=tuple(g for g in groups if g.rules))
