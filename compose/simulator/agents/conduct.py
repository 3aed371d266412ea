"""How agents behave at the moment; faults change it."""

from __future__ import annotations

from dataclasses import dataclass

from compose.simulator.names import GRAPH


@dataclass
class Conduct:
    """Shares are of runs or calls; in calm times all are well below what the objectives allow."""

    pace: float = 1.0
    runs_fail: float = 0.0008
    runs_time_out: float = 0.0004
    runs_hit_limits: float = 0.0003
    first_token_seconds: float = 0.35
    calls_fail: float = 0.0005
    tools_fail: float = 0.003
    tools_denied: float = 0.002
    tokens: int = 1
    only: tuple[str, str] | None = None
    """Provider and model, when all calls go to one."""
    loops: bool = False
    guardrail_blocks: float = 0.01
    falls_back: float = 0.01
    escalates: float = 0.03
    graph: str = GRAPH
