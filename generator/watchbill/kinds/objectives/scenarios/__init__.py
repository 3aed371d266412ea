"""Scenarios of an objective: little histories, and what must and must not come of each. A family is one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.kinds.objectives.scenarios import (
    bindings,
    burns,
    calendars,
    companions,
    edges,
    inputs,
    maintenance,
    pauses,
    periods,
    sums,
    ticks,
    verdicts,
)
from watchbill.kinds.objectives.scenarios.masks import with_masks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.model import Scenario

FAMILIES = (
    inputs.scenarios,
    burns.scenarios,
    bindings.scenarios,
    pauses.scenarios,
    ticks.scenarios,
    verdicts.scenarios,
    sums.scenarios,
    edges.scenarios,
    companions.scenarios,
    maintenance.scenarios,
    periods.scenarios,
    calendars.scenarios,
)


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield every scenario of an SLO: input metrics to tiles, tiles to sums, sums to alerts, and right through."""
    for family in FAMILIES:
        for scenario in family(facts):
            found = with_masks(facts, scenario)
            if found is not None:
                yield found
