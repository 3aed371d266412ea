"""What can go wrong with sandboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.fault import Fault, changing

if TYPE_CHECKING:
    from compose.simulator.sandboxes.conduct import Conduct


def faults(conduct: Conduct) -> tuple[Fault, ...]:
    return (
        changing(conduct, "sandboxes-leak", "Half of the sandboxes are never ended.", (), leak=0.5),
        changing(conduct, "sandboxes-do-not-start", "The pool is full: most starts fail.", (), do_not_start=0.8),
        changing(conduct, "sandboxes-oom", "Half of the sandboxes run out of memory.", (), run_out_of_memory=0.5),
        changing(conduct, "sandboxes-start-late", "Warm starts are gone; cold ones take ten times as long.", (),
                 warm=0.0, start_seconds=4.0),
    )  # fmt: skip
