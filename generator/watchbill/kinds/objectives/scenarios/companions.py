"""Companions: a signal that goes and comes back, traffic that breaks down, and the cases in which neither may fire."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR, MINUTE, WEEK
from watchbill.kinds.objectives.companions import COLLAPSE_EVIDENCE, expected_groups
from watchbill.kinds.objectives.scenarios.common import Group, groups, labels, series
from watchbill.model import Fires, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts

COLLAPSE_STEP = 6 * HOUR


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield what the SLO's companions need."""
    if facts.on_no_data in {"page", "ticket"}:
        yield _missing(facts)
    if facts.collapse:
        yield _collapse(facts)


def _missing(facts: Facts) -> Scenario:
    """There, gone for half an hour, back. All expected groups but the first stay, so that it is named alone."""
    step = facts.timing.slow
    there, gone = 6, max(8, 40 * MINUTE // step)
    expected = [dict(g) for g in expected_groups(facts)]
    shown: list[Group] = expected if expected != [{}] else groups(facts)[:1]
    inputs = []
    for i, group in enumerate(shown):
        kept = i > 0
        samples = [10.0] * there + [10.0 if kept else None] * gone + [10.0] * 6
        inputs.append(series(facts, conventions.tile("events", facts.timing.tile), group, samples))
    severity = (("severity", facts.severity(facts.on_no_data)),)
    firing = labels(facts, expected[0], severity)
    name = conventions.missing_alert(facts.name)
    last = (there - 1) * step
    return Scenario(
        name=f"{facts.name}: signal missing fires, and clears",
        level="tiles",
        step=step,
        evaluation=step,
        series=tuple(inputs),
        fires=(
            Fires(name, last, ()),
            Fires(name, last + 2 * step, ()),
            Fires(name, last + max(25 * MINUTE, 6 * step), (firing,)),
            Fires(name, last + (gone + 4) * step, ()),
        ),
    )


def _collapse(facts: Facts) -> Scenario:
    """Pairs of last week's and this week's hour, two samples each: just over and just under each condition."""
    tau, bound = COLLAPSE_EVIDENCE, facts.collapse
    part = bound * 0.5
    per_event = part * math.log(part) - part + 1
    pairs = [
        (1e6, 1e6, False), (1e6, bound * 1.02e6, False), (1e6, bound * 0.98e6, True),
        (tau * 0.98 / per_event, part * tau * 0.98 / per_event, False),
        (tau * 1.02 / per_event, part * tau * 1.02 / per_event, True),
        (tau * 0.98, 0.0, False), (tau * 1.02, 0.0, True), (0.0, 0.0, False),
    ]  # fmt: skip
    week = WEEK // COLLAPSE_STEP
    before, now, checks = [1e6] * week, [1e6] * week, []
    name = conventions.collapse_alert(facts.name)
    firing = labels(facts, groups(facts)[0], (("severity", facts.severity("ticket")),))
    for i, (usual, seen, fires) in enumerate(pairs):
        for k in range(2):
            before[3 * i + k], now[3 * i + k] = usual, seen
        checks.append(Fires(name, (week + 3 * i + 1) * COLLAPSE_STEP, (firing,) if fires else ()))
        checks.append(Fires(name, (week + 3 * i + 2) * COLLAPSE_STEP, ()))
    inputs = [series(facts, conventions.window_sum("events", HOUR), groups(facts)[0], before + now)]
    inputs += [series(facts, conventions.window_sum("events", HOUR), g, [1e6] * (2 * week)) for g in groups(facts)[1:]]
    return Scenario(
        name=f"{facts.name}: traffic collapse fires on a drop that matters and is no chance",
        level="windows",
        step=COLLAPSE_STEP,
        evaluation=COLLAPSE_STEP,
        series=tuple(inputs),
        fires=tuple(checks),
    )
