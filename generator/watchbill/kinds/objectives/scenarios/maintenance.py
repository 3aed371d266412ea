"""Maintenance that a gauge announces: no tiles meanwhile, and companions that wait for its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR, MINUTE, WEEK
from watchbill.kinds.objectives.companions import MISSING_PENDING, expected_groups
from watchbill.kinds.objectives.scenarios.common import groups, labels, series
from watchbill.kinds.objectives.scenarios.histories import TILES, sample_step
from watchbill.kinds.objectives.scenarios.inputs import scenario
from watchbill.kinds.slis.history import steady, values
from watchbill.model import Fires, Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.promql import Selector


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield nothing where no gauge announces maintenance."""
    for gauge in facts.mask_gauges:
        tiles = _tiles(facts, gauge)
        if tiles is not None:
            yield tiles
        if facts.on_no_data in {"page", "ticket"}:
            yield _missing(facts, gauge)
        if facts.collapse:
            yield _collapse(facts, gauge)


def _shown(gauge: Selector, samples: Sequence[float | None]) -> Series:
    return Series(gauge.metric, tuple(sorted((gauge.example() or {}).items())), values(list(samples)))


def _tiles(facts: Facts, gauge: Selector) -> Scenario | None:
    """The gauge is 0, then 1, then below 0, which is none."""
    step, third = sample_step(facts), TILES // 3 * facts.timing.tile
    count = 3 * third // step + 1
    found = scenario(facts, "maintenance", steady(count, step, 1.0 if facts.sli.samples_slots else 11.0))
    if found is None:
        return None
    mask = [1.0 if third < i * step <= 2 * third else -1.0 if i * step > third else 0.0 for i in range(count)]
    kept = (replace(r, samples=()) if third < r.at <= 2 * third else r for r in found.records)
    return replace(found, series=(*found.series, _shown(gauge, mask)), records=tuple(kept))


def _missing(facts: Facts, gauge: Selector) -> Scenario:
    """Nothing is there, which is expected for long enough; then it is pending anew."""
    tile, name = facts.timing.tile, conventions.missing_alert(facts.name)
    ends = 2 * MISSING_PENDING // tile
    wait = -(-MISSING_PENDING // tile)
    severity = (("severity", facts.severity(facts.on_no_data)),)
    firing = tuple(labels(facts, dict(group), severity) for group in expected_groups(facts))
    return Scenario(
        name=f"{facts.name}: no signal is missing during maintenance",
        level="tiles",
        step=tile,
        evaluation=tile,
        series=(_shown(gauge, [1.0] * ends + [0.0, -1.0] * (wait // 2 + 2)),),
        fires=(
            Fires(name, (ends - 1) * tile, ()),
            Fires(name, (ends + wait - 1) * tile, ()),
            Fires(name, (ends + wait + 2) * tile, firing),
        ),
    )


def _collapse(facts: Facts, gauge: Selector) -> Scenario:
    """Traffic stays low after a minute of maintenance, and after one more: looks 63 and 59 minutes later excuse it.

    Looks 2 hours later do not, and it is pending anew. The minutes are odd ones, which only looks at each minute find.
    """
    hour, before = HOUR // MINUTE, (WEEK + HOUR) // MINUTE
    name, group = conventions.collapse_alert(facts.name), groups(facts)[0]
    firing = labels(facts, group, (("severity", facts.severity("ticket")),))
    return Scenario(
        name=f"{facts.name}: traffic collapse is none during maintenance and for an hour after",
        level="windows",
        step=MINUTE,
        evaluation=HOUR,
        series=(
            series(facts, conventions.window_sum("events", HOUR), group, [1e6] * before + [1e3] * (7 * hour + 1)),
            _shown(
                gauge, [*[None] * (before - 3), 1.0, *[0.0] * hour, *[-1.0] * hour, *[None] * (2 * hour + 3), 1.0, 0.0]
            ),
        ),
        fires=(
            Fires(name, (before + hour) * MINUTE, ()),
            Fires(name, (before + 2 * hour) * MINUTE, ()),
            Fires(name, (before + 3 * hour) * MINUTE, (firing,)),
            Fires(name, (before + 5 * hour) * MINUTE, ()),
            Fires(name, (before + 6 * hour) * MINUTE, ()),
            Fires(name, (before + 7 * hour) * MINUTE, (firing,)),
        ),
    )
