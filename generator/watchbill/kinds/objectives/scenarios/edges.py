"""To the millisecond which slow tiles a read begins and ends with: they come every half a lag here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import HOUR, round_up
from watchbill.kinds.objectives.budget import slice_record
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.calendars import stamp
from watchbill.kinds.objectives.scenarios.common import Histories, groups, ramp, records, series, tile_samples
from watchbill.kinds.objectives.scenarios.sums import window_sums
from watchbill.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.model import Records


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield one look at the shortest sums of slow tiles, and at what is made of one of them."""
    slow, step = facts.timing.slow, max(1, facts.timing.lag // 2)
    at = round_up(HOUR + 2 * slow, HOUR)
    events, *both = ramp(facts, at // step + 1)
    histories: Histories = list(zip(groups(facts), both, strict=False))
    windows = [w for w in Reads(facts).windows if w.slow and w.length <= HOUR]
    expected = [
        *window_sums(facts, windows, step, at, events, histories),
        *_single_tiles(facts, step, at, events, histories),
    ]
    if expected:
        yield Scenario(
            name=f"{facts.name}: where sums of slow tiles begin and end",
            level="tiles",
            step=step,
            evaluation=at,
            series=tuple(
                series(facts, conventions.tile(what, slow), group, events if what == "events" else errors)
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
