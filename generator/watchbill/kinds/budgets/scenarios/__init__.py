"""Scenarios of a budget: little histories, and what must and must not come of each. A family is one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.kinds.budgets.scenarios import (
    anomalies,
    bindings,
    burns,
    clock,
    constants,
    inputs,
    moves,
    periods,
    reads,
    sums,
    trust,
    turns,
    waves,
)  # fmt: skip
from watchbill.kinds.budgets.scenarios.common import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.budgets.ledger import Ledger
    from watchbill.model import Scenario

FAMILIES = (
    inputs.scenarios, inputs.restless, sums.scenarios, sums.beside, clock.scenarios, periods.scenarios,
    bindings.scenarios, bindings.kept, anomalies.scenarios, trust.scenarios, burns.scenarios, constants.scenarios,
    waves.scenarios, moves.scenarios, reads.scenarios, turns.scenarios,
)  # fmt: skip


def scenarios(ledger: Ledger) -> Iterator[Scenario]:
    """Yield every scenario: counters to tiles, tiles to sums, sums to alerts, and right through."""
    stage = Stage(ledger)
    for family in FAMILIES:
        yield from family(stage)
