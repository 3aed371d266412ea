"""Right through: an outage from its first bad event to the alert, and back to silence, for every tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.durations import HOUR, MINUTE, round_up
from watchbill.kinds.objectives.scenarios.common import alert_labels, groups, series
from watchbill.kinds.objectives.scenarios.histories import sample_step
from watchbill.kinds.slis.history import History, steady
from watchbill.model import Fires, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.objectives.facts import Facts

QUIET = 30 * MINUTE
LONGEST_RAW = 3 * HOUR
EVENTS_PER_SLOW_TILE = 6000.0
MARGIN = 1.3


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield each tier from the tiles on, and the quickest one from the input metrics on."""
    for tier in facts.tiers:
        yield _from_tiles(facts, tier)
    if not facts.tiers:
        return
    quickest = min(facts.tiers, key=lambda t: t.long)
    raw = _from_inputs(facts, quickest)
    if raw is not None:
        yield raw


def outage_length(facts: Facts, tier: Tier, per_ms: float, step: int) -> int:
    """Return for how long (ms, a multiple of `step`) a total outage must last until all conditions hold."""
    threshold = tier.burn_rate(facts.period.length) * facts.budget_ratio
    length = step
    while length < 4 * tier.long:
        errors = per_ms * min(length, tier.long)
        events = per_ms * min(length + QUIET, tier.long)
        enough = length >= tier.long * threshold and length >= tier.short * threshold
        if facts.low_traffic.alpha < 1:
            enough = enough and burn.evidence(errors, events, facts.budget_ratio) > facts.low_traffic.threshold * 1.2
        if enough and errors >= facts.low_traffic.min_bad_events * 1.2:
            break
        length += step
    return round_up(length * MARGIN + 4 * step, step)


def _fires(facts: Facts, tier: Tier, begin: int, end: int, late: int) -> tuple[Fires, ...]:
    name = conventions.burn_alert(facts.name, tier.name)
    firing = alert_labels(facts, tier, groups(facts)[0])
    still = tier.short if facts.weighting == "time" else tier.still
    clear = end + still + facts.keep_firing + late
    return (Fires(name, begin, ()), Fires(name, end, (firing,)), Fires(name, clear, ()))


def _from_tiles(facts: Facts, tier: Tier) -> Scenario:
    step = min(facts.timing.slow, tier.still)
    quiet = QUIET // step + 1
    outage = outage_length(facts, tier, EVENTS_PER_SLOW_TILE / step, step) // step
    still = tier.short if facts.weighting == "time" else tier.still
    after = (still + facts.keep_firing) // step + 8
    count = quiet + outage + after
    inputs = []
    for i, group in enumerate(groups(facts)):
        bad = [0.0] * quiet + [EVENTS_PER_SLOW_TILE if i == 0 else 0.0] * outage + [0.0] * after
        inputs.append(
            series(facts, conventions.tile("events", facts.timing.tile), group, [EVENTS_PER_SLOW_TILE] * count)
        )
        inputs.append(series(facts, conventions.tile("errors", facts.timing.tile), group, bad))
    return Scenario(
        name=f"{facts.name}, {tier.name}: a total outage fires, and clears",
        level="tiles",
        step=step,
        evaluation=step,
        series=tuple(inputs),
        fires=_fires(facts, tier, (quiet - 1) * step, (quiet + outage - 1) * step, 7 * step),
    )


def _from_inputs(facts: Facts, tier: Tier) -> Scenario | None:
    step, tile = sample_step(facts), facts.timing.tile
    per_sample = 1.0 if facts.sli.samples_slots else 100.0
    per_ms = per_sample / step if not facts.sli.samples_slots else 1.0 / tile
    outage = outage_length(facts, tier, per_ms, tile) + facts.timing.settle + facts.sli.inertia + 2 * tile
    after = tier.still + facts.keep_firing + facts.timing.settle + facts.sli.inertia + 6 * tile + 4 * facts.timing.slow
    if outage > LONGEST_RAW or facts.weighting == "time":
        return None
    begin, end = QUIET, round_up(QUIET + outage, tile)
    count = round_up(end + after, tile) // step + 1
    bad = tuple(per_sample if begin < i * step <= end - facts.timing.settle else 0.0 for i in range(count))
    inputs = {}
    for i, group in enumerate(groups(facts)):
        history = History(step, (per_sample,) * count, bad) if i == 0 else steady(count, step, per_sample)
        shown = facts.sli.raw(history, group, facts.context(zero=""))
        if shown is None:
            return None
        inputs.update({(s.name, s.labels): s for s in shown})
    late = round_up(facts.timing.settle + facts.sli.inertia + 6 * tile, tile)
    return Scenario(
        name=f"{facts.name}, {tier.name}: a total outage in the input metrics fires, and clears",
        level="raw",
        step=step,
        evaluation=tile,
        series=tuple(inputs.values()),
        fires=_fires(facts, tier, begin // tile * tile, end, late),
    )
