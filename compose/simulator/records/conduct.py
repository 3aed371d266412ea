"""How evaluations, reports and releases go at the moment; faults change it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Conduct:
    """Shares are of evaluated runs; the objective allows 20 % of them to fail."""

    evaluations: float = 1.0
    evaluations_fail: float = 0.02
    evaluators_break: float = 0.005
    reports: float = 1.0
    treatment_fails: float = 0.05
