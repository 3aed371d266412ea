"""The rule files of a batch: the bundle's, in a hurry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill.model import Alert
from watchbill.targets.rules import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from watchbill.live.scenes import Act, Scene
    from watchbill.model import RecordingRule, RuleFile, RuleGroup

KEEP = 60_000
"""ms that an alert in a hurry keeps firing, at most; what that proves of the rest, promtool's tests prove better."""


def files(batch: Sequence[Act], pace: int | None = None) -> dict[str, str]:
    """Return the rule files of a batch by name, byte for byte the bundle's.

    Rules that turn inputs into tiles are left out where an act starts at recorded series, as in the promtool tests; so
    are those whose results are shown with the act's series. `pace`, ms: groups that are evaluated less often are
    evaluated so often, and what keeps firing for longer than `KEEP` does so for `KEEP`.
    """
    return {
        file.path: text(file if pace is None or scene.natural else _hurried(file, pace))
        for scene, *_ in batch
        for file in _files(scene)
    }


def kept(alert: Alert) -> int:
    """Return for how long, ms, an alert in a hurry keeps firing."""
    return min(alert.keep_firing, KEEP)


def _files(scene: Scene) -> Iterator[RuleFile]:
    shown = {name for name, _, _ in scene.calendar}
    for file in scene.unit.files:
        if scene.scenario.level == "raw" or not file.reads_inputs:
            groups = (
                replace(group, rules=tuple(rule for rule in group.rules if _name(rule) not in shown))
                for group in file.groups
            )
            yield replace(file, groups=tuple(group for group in groups if group.rules)) if shown else file


def _name(rule: RecordingRule | Alert) -> str:
    return "" if isinstance(rule, Alert) else rule.record


def _hurried(file: RuleFile, pace: int) -> RuleFile:
    def group(one: RuleGroup) -> RuleGroup:
        rules = (replace(r, keep_firing=kept(r)) if isinstance(r, Alert) else r for r in one.rules)
        return replace(one, interval=min(one.interval, pace), rules=tuple(rules))

    return replace(file, groups=tuple(map(group, file.groups)))
