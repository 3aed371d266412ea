"""Scheduled maintenance in scenarios: promtool's clock starts on Thursday 1970-01-01, 00:00 UTC: a mask may hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.durations import MINUTE

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.model import Fires, Records, Scenario

AFTER = 70 * MINUTE
"""How long after a mask the traffic of the last hour is still short of what was masked."""


def with_masks(facts: Facts, scenario: Scenario) -> Scenario | None:
    """Return the scenario as it must come out under the SLO's schedules; None where it cannot be run in their way.

    Tiles are absent while a schedule holds. Companions stay silent then: expectations that they fire are dropped.
    """
    if not facts.schedules:
        return scenario
    end = max([f.at for f in scenario.fires] + [r.at for r in scenario.records])
    if scenario.level == "raw":
        if scenario.fires and _held(facts, 0, end):
            return None
        return replace(scenario, records=tuple(_tile(facts, r) for r in scenario.records))
    fires = tuple(f for f in scenario.fires if not f.firing or not _silenced(facts, f, scenario.evaluation))
    return replace(scenario, fires=fires) if fires or scenario.records else None


def _tile(facts: Facts, record: Records) -> Records:
    return replace(record, samples=()) if any(s.holds(record.at) for s in facts.schedules) else record


def _silenced(facts: Facts, fires: Fires, evaluation: int) -> bool:
    """Whether a schedule keeps a companion from firing: it must be clear for as long as the alert is pending."""
    if fires.alert == conventions.missing_alert(facts.name):
        return _held(facts, 0, fires.at)
    if fires.alert == conventions.collapse_alert(facts.name):
        return _held(facts, fires.at, fires.at) or _held(facts, fires.at - evaluation, fires.at - evaluation)
    return False


def _held(facts: Facts, begin: int, end: int) -> bool:
    """Whether a schedule holds, or has lately held, at any minute of a stretch (ms)."""
    minutes = range(max(0, begin - AFTER), end + 1, MINUTE)
    return any(s.holds(at) for s in facts.schedules for at in minutes)
