"""At the pace of the tiles: the sums of a few of them, and to the tick how long an alert keeps firing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.kinds.objectives.budget import slice_record
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.bindings import cases, fields
from watchbill.kinds.objectives.scenarios.calendars import stamp
from watchbill.kinds.objectives.scenarios.common import (
    Histories,
    alert_labels,
    dense,
    groups,
    ramp,
    records,
    series,
    tile_samples,
)
from watchbill.kinds.objectives.scenarios.periods import idle_slices
from watchbill.kinds.objectives.scenarios.sums import window_sums
from watchbill.model import Fires, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.model import Records

FEW = 20
"""Tiles in the longest sum that is tested at this pace."""


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the sums of a few tiles, and how long alerts keep firing."""
    found = _sums(facts)
    if found.records:
        yield found
    if facts.tiers:
        yield _kept(facts)


def _sums(facts: Facts) -> Scenario:
    """Tiles come every half a lag. Slow ones come at every evaluation here: a read of one sums up many."""
    tile, slow, step = facts.timing.tile, facts.timing.slow, dense(facts)
    windows = [w for w in Reads(facts).windows if not w.slow and w.length <= FEW * tile]
    rolls = tile < slow <= FEW * tile
    last = max([w.length // tile for w in windows] + [2 * slow // tile if rolls else 1]) + 3
    events, *both = ramp(facts, last * tile // step + 1)
    idle = last + 2 * slow // tile + 2 if rolls and facts.weighting == "time" else last
    for samples in (events, *both):
        samples.extend([0.0] * ((idle - last) * tile // step))
    histories: Histories = list(zip(groups(facts), both, strict=False))
    return Scenario(
        name=f"{facts.name}: sums of a few tiles",
        level="tiles",
        step=step,
        evaluation=tile,
        series=tuple(
            series(facts, conventions.tile(what, tile), group, events if what == "events" else errors)
            for group, errors in histories
            for what in ("events", "errors")
        ),
        records=(
            *window_sums(facts, windows, step, last * tile, events, histories),
            *(_single_tiles(facts, step, last, events, histories) if rolls else ()),
            *(idle_slices(facts, idle * tile) if idle > last else ()),
        ),
    )


def _single_tiles(facts: Facts, step: int, last: int, events: list[float], histories: Histories) -> Iterator[Records]:
    """Yield slow tiles, and what is made of one at a time: slices of time, and both stamped with their period."""
    pace, slow, at = facts.timing.tile, facts.timing.slow, last * facts.timing.tile

    def over_slow(samples: list[float], every: int, n: int) -> float:
        return sum(samples[i] for i in tile_samples(facts, slow, every, n * pace))

    def rolled(tiles: list[float]) -> list[float]:
        return [over_slow(tiles, step, n) for n in range(last + 1)]

    all_events = rolled(events)
    tiles: dict[str, Histories] = {
        "events": [(g, all_events) for g, _ in histories],
        "errors": [(g, rolled(e)) for g, e in histories],
    }
    for what, found in tiles.items():
        yield records(facts, conventions.tile(what, slow), at, [(g, samples[last]) for g, samples in found])
    if facts.weighting == "time":
        tiles = {
            "slices": [
                (g, [over_slow(e, pace, n) / (over_slow(all_events, pace, n) or 1) for n in range(last + 1)])
                for g, e in tiles["errors"]
            ]
        }
        yield records(facts, slice_record(facts), at, [(g, samples[last]) for g, samples in tiles["slices"]])
    if facts.period.is_calendar:
        number = (("period", str(stamp(facts.period.text, at))),)
        for what, found in tiles.items():
            now = [(g, over_slow(samples, pace, last)) for g, samples in found]
            yield records(facts, conventions.stamped(what, slow), at, now, number)


def _kept(facts: Facts) -> Scenario:
    """All tiers far over for two ticks, then all clear: each fires on for as long as it was told, and no longer."""
    tile, keep = facts.timing.tile, facts.keep_firing
    far: dict[str, float] = {}
    for tier in facts.tiers:
        case = asdict(next(c for c in cases(facts, tier) if c.name == "all far over"))
        for record, name, _ in fields(facts, tier):
            far[record] = max(far.get(record, 0.0), case[name])
    kept, gone = 2 + (keep - 1) // tile if keep else 1, 2 + -(-keep // tile)
    quiet = {r: v if r == conventions.BUDGET_EVENTS else 0.0 for r, v in far.items()}
    timeline = [far, far] + [quiet] * gone
    checks = []
    for tier in facts.tiers:
        name = conventions.burn_alert(facts.name, tier.name)
        firing = (alert_labels(facts, tier, groups(facts)[0]),)
        checks += [Fires(name, tile, firing), Fires(name, kept * tile, firing), Fires(name, gone * tile, ())]
    return Scenario(
        name=f"{facts.name}: alerts keep firing for a while after all is clear, and no longer",
        level="windows",
        step=tile,
        evaluation=tile,
        series=tuple(series(facts, r, groups(facts)[0], [sample[r] for sample in timeline]) for r in far),
        fires=tuple(dict.fromkeys(checks)),
    )
