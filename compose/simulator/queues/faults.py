"""What can go wrong with background jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.fault import Fault, changing

if TYPE_CHECKING:
    from compose.simulator.queues.conduct import Conduct

_WAIT = ("QueueWaitBudgetBurnFast", "RunQueueWaitForecast", "RunQueueNotDraining")
_NONE = ("RunQueueNoWorkers", "RunQueueNotDraining")


def faults(conduct: Conduct) -> tuple[Fault, ...]:
    return (
        changing(conduct, "workers-killed", "All workers are killed; nothing takes jobs.", _NONE, workers=False),
        changing(conduct, "jobs-slow", "Jobs take fifteen times as long: workers cannot keep up.", _WAIT, seconds=9.0),
        changing(conduct, "jobs-flood", "Twenty times as many jobs are put in.", _WAIT, pace=20.0),
        changing(conduct, "jobs-fail", "Most jobs fail.", (), fail=0.8),
        changing(
            conduct, "schedules-stop", "The scheduler fires no more; the next firing is due within 15 minutes.",
            ("NightlyFanOutMissedFiring",), schedules=False,
        ),
    )  # fmt: skip
