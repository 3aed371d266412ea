"""At the pace of the tiles: the sums of a few of them, and to the tick how long an alert keeps firing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.bindings import cases, fields
from watchbill.kinds.objectives.scenarios.common import alert_labels, groups, records, series, tile_samples
from watchbill.kinds.objectives.scenarios.sums import ramp
from watchbill.model import Fires, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts

FEW = 20
"""Tiles in the longest sum that is tested at this pace."""


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the sums of a few tiles, and how long alerts keep firing."""
    found = _sums(facts)
    if found.records:
        yield found
    yield _kept(facts)


def _sums(facts: Facts) -> Scenario:
    tile = facts.timing.tile
    sums = {w.record: (w.what, w.length) for w in Reads(facts).windows if not w.slow and w.length <= FEW * tile}
    if facts.timing.slow <= FEW * tile:
        sums |= {
            conventions.tile(w, facts.timing.slow): (w, facts.timing.slow)
            for w in ("events", "errors")
            if facts.timing.slow > tile
        }
    count = max((length for _, length in sums.values()), default=tile) // tile + 3
    at = (count - 1) * tile
    events, *both = ramp(facts, count)
    histories = list(zip(groups(facts), both, strict=False))
    expected = []
    for record, (what, length) in sums.items():
        inside = tile_samples(facts, length, tile, at)
        found = [(g, sum((events if what == "events" else e)[i] for i in inside)) for g, e in histories]
        expected.append(records(facts, record, at, found))
    return Scenario(
        name=f"{facts.name}: sums of a few tiles",
        level="tiles",
        step=tile,
        evaluation=tile,
        series=tuple(
            series(facts, conventions.tile(what, tile), group, events if what == "events" else errors)
            for group, errors in histories
            for what in ("events", "errors")
        ),
        records=tuple(expected),
    )


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
