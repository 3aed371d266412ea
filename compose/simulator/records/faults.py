"""What can go wrong with quality, reports and releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.fault import Fault, changing

if TYPE_CHECKING:
    from compose.simulator.records.conduct import Conduct
    from compose.simulator.records.release import Release


_TASKS = ("TaskSuccessBudgetBurnFast",)


def faults(conduct: Conduct, release: Release) -> tuple[Fault, ...]:
    return (
        changing(
            conduct, "tasks-unsolved", "Evaluators find nearly all answers wrong.", _TASKS,
            evaluations_fail=0.97,
        ),
        changing(
            conduct, "evaluators-break", "The judge itself fails for half of the runs.", _TASKS,
            evaluators_break=0.5,
        ),
        changing(
            conduct, "evaluations-stop", "Nothing is evaluated any more.", ("TaskSuccessTrafficCollapse",),
            evaluations=0.0,
        ),
        changing(conduct, "incidents-pour-in", "Users report thirty times as much.", (), reports=30.0),
        changing(conduct, "experiment-harms", "The treatment fails in half of its tasks.", (), treatment_fails=0.5),
        Fault(
            "release-tampered", "A prompt on disk is not the one that was released.", (),
            on=release.tamper, off=release.restore,
        ),
    )  # fmt: skip
