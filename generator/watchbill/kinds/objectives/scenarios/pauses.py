"""Pauses: each series an alert reads stops while the others go on. It is read for a while more, and then no longer.

The series stops first and another condition comes true later: `keep_firing_for` would hide a read that ended too soon.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR, MINUTE
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.bindings import cases, fields
from watchbill.kinds.objectives.scenarios.common import alert_labels, groups, series
from watchbill.kinds.objectives.scenarios.rests import PARTS, Sample, ages, fine, resting
from watchbill.model import Fires, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.objectives.facts import Facts

LOOKBACK = 5 * MINUTE


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield one scenario a tier."""
    for tier in facts.tiers:
        if tier.long not in {tier.short, tier.still}:
            yield _scenario(facts, tier)


def _scenario(facts: Facts, tier: Tier) -> Scenario:
    step, rest = fine(facts), facts.keep_firing // facts.timing.slow + 2
    name = conventions.burn_alert(facts.name, tier.name)
    firing = (alert_labels(facts, tier, groups(facts)[0]),)
    far = _far(facts, tier)
    timeline: list[Sample] = []
    checks = []
    for record, age, fires in _episodes(facts, tier, far):
        idle = {**far, _condition(tier, record): 0.0}
        timeline += resting(idle, record, age)
        timeline[-1] = {**far, record: None}
        checks.append(Fires(name, (len(timeline) - 1) * step, firing if fires else ()))
        timeline += [idle] * (rest * PARTS - 1)
    evidence = conventions.evidence(tier.long)
    if evidence in far:
        bound = facts.low_traffic.threshold
        begin, values = len(timeline), (bound, 0.0, 0.0, 1.02 * bound)
        timeline += [{**far, evidence: value} for value in values for _ in range(PARTS)]
        checks += [Fires(name, begin * step, ()), Fires(name, (begin + 3 * PARTS) * step, firing)]
    return Scenario(
        name=f"{facts.name}, {tier.name}: a pause of each series is bridged, and only so far",
        level="windows",
        step=step,
        evaluation=facts.timing.slow,
        series=tuple(series(facts, r, groups(facts)[0], [sample[r] for sample in timeline]) for r in far),
        fires=tuple(checks),
    )


def _far(facts: Facts, tier: Tier) -> Sample:
    """Return every series the alert reads, far over.

    Weighed by events, an alert reads those of the long window in its evidence only, which enters by itself.
    """
    case = asdict(next(c for c in cases(facts, tier) if c.name == "all far over"))
    unread = {"n_long", "n_short"} if facts.weighting == "events" else set()
    found: Sample = {record: case[name] for record, name, _ in fields(facts, tier) if name not in unread}
    if facts.low_traffic.alpha < 1 and facts.weighting == "events":
        found[conventions.evidence(tier.long)] = 2 * facts.low_traffic.threshold
    return found


def _condition(tier: Tier, paused: str) -> str:
    """Return the series of a condition that does without the paused one."""
    long, short = (conventions.window_sum("errors", n) for n in (tier.long, tier.short))
    return long if paused == short else short


def _episodes(facts: Facts, tier: Tier, far: Sample) -> Iterator[tuple[str, int, bool]]:
    """Yield (series, age of its newest value in samples, whether the alert fires then).

    What fast rules record is read by instant selectors, which see nothing after 5 minutes.
    """
    slow = {record: slow for record, _, slow in fields(facts, tier)}
    slow[conventions.evidence(tier.long)] = Reads(facts).slow_of["errors", tier.long]
    for record in far:
        grace = HOUR if record == conventions.BUDGET_EVENTS else 0 if slow[record] else LOOKBACK
        kept, gone = ages(facts, grace)
        yield from ((record, kept, True), (record, gone, False))
