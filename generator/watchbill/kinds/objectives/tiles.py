"""The first rules of every SLO: exact tiles of events and errors, with the policies on no data and maintenance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal
from watchbill.kinds.slis.base import Tiles
from watchbill.model import RecordingRule

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts


def tiles(facts: Facts, *, slow: bool = False, inline: bool = False) -> Tiles:
    """Return the tiles, policies applied; `slow` cuts them at the slow interval, `inline` reads no recorded series."""
    interval = facts.timing.slow if slow else facts.timing.tile
    recorded = facts.sli.aggregate(facts.ref(conventions.tile("events", interval)))
    if inline or facts.on_no_data == "bad":
        plain = facts.sli.tiles(facts.context(zero=recorded, slow=slow))
        recorded = f"(\n{plain.events}\n)"
    found = facts.sli.tiles(facts.context(zero=recorded, slow=slow))
    events, errors = found.events, found.errors
    if facts.on_no_data == "bad" and facts.weighting == "events":
        lost = (
            f"\nor on ()\nvector({literal(facts.sli.expected_slots(interval, facts.timing.tile, facts.timing.scrape))})"
        )
        events, errors = events + lost, errors + lost
    if facts.mask:
        events, errors = (f"(\n{e}\n)\nunless on () ({facts.mask})" for e in (events, errors))
    return Tiles(events, errors)


def tile_rules(facts: Facts) -> tuple[RecordingRule, ...]:
    """Events before errors: the errors rule takes its zeros from the events' label sets."""
    found = tiles(facts)
    tile = facts.timing.tile
    return (
        RecordingRule(conventions.tile("events", tile), found.events, facts.labels),
        RecordingRule(conventions.tile("errors", tile), found.errors, facts.labels),
    )


def backfill_rules(facts: Facts) -> tuple[RecordingRule, ...]:
    """The slow tiles straight from the input metrics, for history before the rules ran: no rule reads another."""
    found = tiles(facts, slow=True, inline=True)
    slow = facts.timing.slow
    return (
        RecordingRule(conventions.tile("events", slow), found.events, facts.labels),
        RecordingRule(conventions.tile("errors", slow), found.errors, facts.labels),
    )
