"""Companions: a signal that goes and comes back, traffic that breaks down, and the cases in which neither may fire."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR, WEEK
from watchbill.kinds.objectives.companions import ABSENT_FOR, COLLAPSE_EVIDENCE, MISSING_PENDING, expected_groups
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.common import Group, groups, labels, series
from watchbill.kinds.objectives.scenarios.rests import pauses
from watchbill.model import Fires, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.model import Labels

COLLAPSE_STEP = WEEK // 63
"""Three looks at each of 15 cases fit into a week, whose hours are then the past of the next one's. No look is half a
week after another."""
MUCH = 4e6
"""Between the looks: a read of another time would take the usual traffic for more than it was."""


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield what the SLO's companions need."""
    if facts.on_no_data in {"page", "ticket"}:
        yield _missing(facts)
    if facts.collapse:
        yield _collapse(facts)


def _missing(facts: Facts) -> Scenario:
    """The first expected group goes for so long that it is named alone, then all of them do, and come back."""
    tile, window = facts.timing.tile, max(ABSENT_FOR, 4 * facts.timing.tile)
    there, gone = 4, (window + MISSING_PENDING) // tile + 3
    expected = [dict(g) for g in expected_groups(facts)]
    shown: list[Group] = expected if expected != [{}] else groups(facts)[:1]
    inputs = []
    for i, group in enumerate(shown):
        samples = [10.0] * (there + gone if i else there) + [None] * (gone if i else 2 * gone) + [10.0] * 2
        inputs.append(series(facts, conventions.tile("events", tile), group, samples))
    severity = (("severity", facts.severity(facts.on_no_data)),)
    firing = [labels(facts, group, severity) for group in expected]
    name = conventions.missing_alert(facts.name)

    def fires(after: int, found: list[Labels], phase: int = 0) -> Fires:
        return Fires(name, (there - 1 + phase * gone) * tile + after, tuple(found))

    fire = window + MISSING_PENDING
    return Scenario(
        name=f"{facts.name}: signal missing fires, and clears",
        level="tiles",
        step=tile,
        evaluation=tile,
        series=tuple(inputs),
        fires=(
            fires(0, []),
            fires(fire - tile, []),
            fires(fire + 2 * tile, firing[:1]),
            fires(fire - tile, firing[:1], phase=1),
            fires(fire + 2 * tile, firing, phase=1),
            fires(fire + 4 * tile, [], phase=1),
        ),
    )


def _collapse(facts: Facts) -> Scenario:
    """Pairs of last week's and this week's hour around which both jump: just over and just under each condition.

    Samples come as often as slow rules run and are looked at every few hours. `for` passes between two looks.
    """
    tau, bound, step = COLLAPSE_EVIDENCE, facts.collapse, math.gcd(facts.timing.slow, COLLAPSE_STEP)
    part = bound * 0.5
    per_event = part * math.log(part) - part + 1
    pairs = [
        (1e6, 1e6, False), (1e6, bound * 1.02e6, False), (1e6, bound * 0.98e6, True),
        (2.0**20, bound * 2.0**20, False),
        (tau * 0.98 / per_event, part * tau * 0.98 / per_event, False),
        (tau * 1.02 / per_event, part * tau * 1.02 / per_event, True),
        (tau * 0.98, 0.0, False), (tau * 1.02, 0.0, True), (0.0, 0.0, False),
    ]  # fmt: skip
    name = conventions.collapse_alert(facts.name)
    firing = labels(facts, groups(facts)[0], (("severity", facts.severity("ticket")),))
    looks, week = COLLAPSE_STEP // step, WEEK // step
    before: list[float | None] = [MUCH] * week
    now: list[float | None] = [MUCH] * week
    checks = []
    slow = Reads(facts).slow_of["events", HOUR]
    bridged, over = (n * facts.timing.slow // step for n in pauses(facts))
    cases = [(usual, seen, fires, 0, 0) for usual, seen, fires in pairs]
    cases += [(1e6, 1e3, slow, bridged, 0), (1e6, 1e3, slow, 0, bridged)]
    cases += [(1e6, 1e3, False, over, 0), (1e6, 1e3, False, 0, over)]
    cases += [(tau * 1.02, 0.0, slow, bridged, 0), (tau * 1.02, 0.0, slow, 0, bridged)]
    for i, (usual, seen, fires, usual_gone, seen_gone) in enumerate(cases):
        for k in range(2):
            at = (3 * i + k) * looks
            _around(before, at, usual, usual_gone)
            _around(now, at, seen, seen_gone)
        checks.append(Fires(name, week * step + 3 * i * COLLAPSE_STEP, ()))
        checks.append(Fires(name, week * step + (3 * i + 1) * COLLAPSE_STEP, (firing,) if fires else ()))
        checks.append(Fires(name, week * step + (3 * i + 2) * COLLAPSE_STEP, ()))
    end = (3 * len(cases)) * looks
    record = conventions.window_sum("events", HOUR)
    first, *rest = groups(facts)
    return Scenario(
        name=f"{facts.name}: traffic collapse fires on a drop that matters and is no chance",
        level="windows",
        step=step,
        evaluation=COLLAPSE_STEP,
        series=(
            series(facts, record, first, before + now[:end]),
            *(series(facts, record, group, [1e6] * (week + end)) for group in rest),
        ),
        fires=tuple(checks),
    )


def _around(samples: list[float | None], at: int, value: float, gone: int) -> None:
    """Put `value` at the index, last seen `gone` samples earlier, after other values that must not be taken for it."""
    for back, earlier in ((1, 0.0 if value else 7.0), (2, value * 3 or 50.0)):
        if at - gone - back >= 0:
            samples[at - gone - back] = earlier
    samples[max(0, at - gone)] = value
    for missing in range(max(0, at - gone) + 1, at + 1):
        samples[missing] = None
