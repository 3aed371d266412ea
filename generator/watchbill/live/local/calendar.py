"""The scenario's calendar: what rules that read the clock alone would have recorded in its time, months and weeks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill.live import clocks
from watchbill.live.local.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from watchbill.live.local.servers import Tools
    from watchbill.live.prometheus import Prometheus
    from watchbill.live.scenes import Act, Scene, Stepped
    from watchbill.model import RecordingRule

MOST = 10_000
"""Samples that Prometheus answers at once: it refuses more than 11,000."""


def dated(acts: Sequence[Act], tools: Tools, folder: Path) -> list[Act]:
    """Return the acts, those whose alerts depend on the calendar with that of their scenario."""
    rules = {id(act): clocks.calendar(act[0].unit, [scene.alert for scene in act]) for act in acts}
    if not any(rules.values()):
        return list(acts)
    folder.mkdir()
    with serving(folder, tools) as server:
        return [_dated(act, rules[id(act)], server) for act in acts]


def _dated(act: Act, rules: Iterable[RecordingRule], server: Prometheus) -> Act:
    found = tuple(series for rule in rules for series in _series(act[0], rule, server))
    return tuple(replace(scene, calendar=found) for scene in act)


def _series(scene: Scene, rule: RecordingRule, server: Prometheus) -> Iterator[Stepped]:
    step = scene.scenario.step
    last = max(scene.at, scene.clear or 0) // step
    samples: list[float | None] = []
    labels: tuple[tuple[str, str], ...] = ()
    for first in range(0, last + 1, MOST):
        until = min(first + MOST - 1, last)
        begin, end = first * step / 1000, until * step / 1000
        for found, listed in server.over_time(rule.expr, begin, end, step / 1000):
            labels = tuple(sorted({**found, **dict(rule.labels)}.items()))
            samples += [value for _, value in listed]
    yield rule.record, labels, samples
