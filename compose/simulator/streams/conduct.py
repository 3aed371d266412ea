"""How streams behave at the moment; faults change it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Conduct:
    """Shares are of streams, or of reconnects; in calm times all are well below what the objectives allow."""

    pace: float = 1.0
    stall: float = 0.0003
    cut: float = 0.0003
    cursor_dropped: float = 0.0
    clients_without_cursor: float = 0.0015
    clients_drop: float = 0.3
    first_event_seconds: float = 0.3
