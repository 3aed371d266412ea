"""Which acts may be played on one Prometheus: those that cannot disturb one another."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.routetree import quieted_by
from watchbill.targets.routes.checks import quiet_rules
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from watchbill.live.scenes import Act, Scene
    from watchbill.model import Plan

Labels = dict[str, str]


def batches(plan: Plan, acts: Iterable[Act]) -> list[list[Act]]:
    """Return the acts, divided.

    Two go together if they are of different units, no alert of the one unit can keep one of the other quiet, and they
    write no series of the same name and labels, or none of the same name where both write input metrics, and none
    that rules of the other's unit record. Rules of a unit run only where one of its acts is played.
    """
    hush = hushing(plan)
    found: list[list[Act]] = []
    for act in acts:
        for batch in found:
            if not any(_disturb(act[0], other[0], hush) for other in batch):
                batch.append(act)
                break
        else:
            found.append([act])
    return found


def _disturb(one: Scene, other: Scene, hush: set[frozenset[str]]) -> bool:
    if one.unit.name == other.unit.name or frozenset((one.unit.name, other.unit.name)) in hush:
        return True
    inputs = one.scenario.level == other.scenario.level == "raw"
    written = ({(s.name, () if inputs else s.labels) for s in scene.scenario.series} for scene in (one, other))
    return bool(set.intersection(*written)) or _records(one, other) or _records(other, one)


def _records(one: Scene, other: Scene) -> bool:
    """Whether rules of the one's unit record series that the other writes: members of a composite do."""
    rules = {(rule.record, rule.labels) for file in one.unit.files for rule in file.records()}
    return any(
        series.name == name and all(value == dict(series.labels).get(label, value) for label, value in labels)
        for series in other.scenario.series
        for name, labels in rules
    )


def hushing(plan: Plan) -> set[frozenset[str]]:
    """Return the pairs of units of which one has an alert that keeps one of the other's quiet."""
    unit_of = {alert.name: unit.name for unit in plan.units for alert in unit.alerts()}
    by_unit: dict[str, list[Labels]] = defaultdict(list)
    for alert, labels in label_sets(plan):
        by_unit[unit_of[alert.name]].append(labels)
    rules = quiet_rules(plan)
    far = [u for u, sets in by_unit.items() if not all(conventions.item(s)[0] for s in sets)]
    return {
        frozenset((one, other))
        for one in far  # every rule has the item in `equal`, or a source without one
        for other, sets in by_unit.items()
        if one != other
        for source in by_unit[one]
        if any(quieted_by(rules, source, target) for target in sets)
    }
