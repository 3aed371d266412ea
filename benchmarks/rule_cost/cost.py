"""Cost of a shape's rules by the query engine's own count, one evaluation of each rule at the end of the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.rule_cost.server import Cost, HistoryServer

if TYPE_CHECKING:
    from benchmarks.rule_cost.rules import Shape


@dataclass(frozen=True)
class Rate:
    """A steady load."""

    samples_per_second: float
    milliseconds_per_minute: float


def measure(server: HistoryServer, shape: Shape, at: float) -> Rate:
    """Return the load of a shape; instant reads of its own recorded series find none here, one sample less each."""
    per_second = Cost(0, 0)
    for group in shape.groups:
        for rule in group.rules:
            per_second += server.cost(rule.expr, at) * (1 / group.interval)
    return Rate(per_second.samples, 60_000 * per_second.seconds)
