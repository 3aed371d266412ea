"""To the millisecond which tiles a read begins and ends with: they come every half a lag here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import round_up
from watchbill.kinds.objectives.budget import slice_record
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.calendars import stamp
from watchbill.kinds.objectives.scenarios.common import Histories, dense, groups, ramp, records, series, tile_samples
from watchbill.kinds.objectives.scenarios.sums import window_sums
from watchbill.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.model import Records

MANY = 1600
"""Samples in the longest sum that is tested so closely."""


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield a look at the shorter sums of fast tiles, and one at those of slow ones and what is made of one of them."""
    step = dense(facts)
    windows = [w for w in Reads(facts).windows if w.length <= MANY * step]
    for slow in (False, True):
        listed = [w for w in windows if w.slow is slow]
        tile = facts.timing.slow if slow else facts.timing.tile
        at = round_up(max([w.length for w in listed], default=tile) + 2 * tile, facts.timing.tile)
        events, *both = ramp(facts, at // step + 1)
        histories: Histories = list(zip(groups(facts), both, strict=False))
        expected = [*window_sums(facts, listed, step, at, events, histories)]
        if slow:
            expected += _single_tiles(facts, step, at, events, histories)
        if expected:
            yield Scenario(
                name=f"{facts.name}: where sums of {'slow' if slow else 'fast'} tiles begin and end",
                level="tiles",
                step=step,
                evaluation=at,
                series=tuple(
                    series(facts, conventions.tile(what, tile), group, events if what == "events" else errors)
                    for group, errors in histories
                    for what in ("events", "errors")
                ),
                records=tuple(expected),
            )


def _single_tiles(facts: Facts, step: int, at: int, events: list[float], histories: Histories) -> Iterator[Records]:
    inside = tile_samples(facts, facts.timing.slow, step, at)
    total = sum(events[i] for i in inside)
    spent = [(g, sum(e[i] for i in inside)) for g, e in histories]
    if facts.weighting == "time":
        yield records(facts, slice_record(facts), at, [(g, s / total) for g, s in spent])
    elif facts.period.is_calendar:
        number = (("period", str(stamp(facts.period.text, at))),)
        for what, found in (("events", [(g, total) for g, _ in spent]), ("errors", spent)):
            yield records(facts, conventions.stamped(what, facts.timing.slow), at, found, number)
