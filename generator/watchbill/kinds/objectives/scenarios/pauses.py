"""Pauses: each series an alert reads stops while the others go on. It is read for a while more, and then no longer.

The series stops first and another condition comes true later: `keep_firing_for` would hide a read that ended too soon.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.bindings import cases, fields
from watchbill.kinds.objectives.scenarios.common import alert_labels, groups, series
from watchbill.kinds.objectives.scenarios.verdicts import pauses
from watchbill.model import Fires, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.objectives.facts import Facts

Sample = dict[str, float | None]


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield one scenario a tier."""
    for tier in facts.tiers:
        if tier.long not in {tier.short, tier.still}:
            yield _scenario(facts, tier)


def _scenario(facts: Facts, tier: Tier) -> Scenario:
    step, rest = facts.timing.slow, facts.keep_firing // facts.timing.slow + 2
    name = conventions.burn_alert(facts.name, tier.name)
    firing = (alert_labels(facts, tier, groups(facts)[0]),)
    far = _far(facts, tier)
    timeline: list[Sample] = []
    checks = []
    for record, delay, fires in _episodes(facts, tier, far):
        other = _condition(tier, record)
        idle = {**far, other: 0.0}
        timeline += [idle, *({**idle, record: None} for _ in range(delay - 1)), {**far, record: None}]
        checks.append(Fires(name, (len(timeline) - 1) * step, firing if fires else ()))
        timeline += [idle] * rest
    evidence = conventions.evidence(tier.long)
    if evidence in far:
        timeline += [{**far, evidence: facts.low_traffic.threshold}, far]
        checks += [Fires(name, (len(timeline) - 2) * step, ()), Fires(name, (len(timeline) - 1) * step, firing)]
    return Scenario(
        name=f"{facts.name}, {tier.name}: a pause of each series is bridged, and only so far",
        level="windows",
        step=step,
        evaluation=step,
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
    """Yield (series, slow intervals it is away for, whether the alert fires then).

    What fast rules record is read by instant selectors, which see nothing after 5 minutes.
    """
    slow = {record: slow for record, _, slow in fields(facts, tier)}
    slow[conventions.evidence(tier.long)] = Reads(facts).slow_of["errors", tier.long]
    bridged, over = pauses(facts)
    hour = HOUR // facts.timing.slow
    for record in far:
        if record == conventions.BUDGET_EVENTS:
            yield from ((record, hour - 1, True), (record, hour + 1, False)) if hour > 1 else ()
        elif slow[record]:
            yield from ((record, bridged, True), (record, over, False))
        else:
            yield record, 2, False
