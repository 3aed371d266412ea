"""How background jobs behave at the moment; faults change it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Conduct:
    """Seconds, shares and rates of jobs."""

    pace: float = 1.0
    seconds: float = 0.6
    fail: float = 0.01
    workers: bool = True
    schedules: bool = True
