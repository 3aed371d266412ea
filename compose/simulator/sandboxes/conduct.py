"""How sandboxes behave at the moment; faults change it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Conduct:
    """Shares are of sandboxes."""

    leak: float = 0.0
    most_leaked: int = 60
    """More than the pool has places: whoever counts has to see that it is full."""
    do_not_start: float = 0.003
    run_out_of_memory: float = 0.003
    start_seconds: float = 0.4
    warm: float = 0.7
    lives_seconds: float = 3.0
    pace: float = 1.0
