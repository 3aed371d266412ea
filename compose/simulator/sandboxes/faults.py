"""What can go wrong with sandboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.fault import Fault, changing

if TYPE_CHECKING:
    from compose.simulator.sandboxes.conduct import Conduct


_FULL = (
    "SandboxesExhausted", "SandboxMinutesBurnFast", "SandboxMinutesAnomaly", "SandboxMinutesExhaustionSoon",
    "SandboxMinutesLimitSpent98", "SandboxMinutesExhausted",
)  # fmt: skip
_HELD = ("SandboxesSaturated", "SandboxesTooOld")


def faults(conduct: Conduct) -> tuple[Fault, ...]:
    return (
        changing(conduct, "sandboxes-leak", "Half of the sandboxes are never ended, until none is left.", _FULL,
                 leak=0.5),
        changing(conduct, "sandboxes-held", "Some sandboxes are never ended: nearly all places are taken.", _HELD,
                 leak=0.5, most_leaked=44),
        changing(conduct, "sandboxes-do-not-start", "The pool is full: most starts fail.", ("SandboxesFailedStarts",),
                 do_not_start=0.8),
        changing(conduct, "sandboxes-oom", "Nearly all sandboxes run out of memory.", ("SandboxesOutOfMemory",),
                 run_out_of_memory=0.95),
        changing(conduct, "sandboxes-start-late", "Warm starts are gone, and cold ones take thirty times as long.",
                 ("SandboxesSlowStarts",), warm=0.0, start_seconds=12.0),
    )  # fmt: skip
