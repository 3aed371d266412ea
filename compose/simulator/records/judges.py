"""Evaluators that look at finished runs, people who check them, and an experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.lines import Lines
from compose.simulator.names import SUITES

if TYPE_CHECKING:
    from pathlib import Path

    from compose.simulator.chance import Chance
    from compose.simulator.records.conduct import Conduct

EVALUATOR = "answer-correct"
PEOPLE_LOOK, PEOPLE_AGREE = 0.05, 0.9
EXPERIMENT, VARIANTS = "short-prompt", ("control", "treatment")
USERS = 400


class Judges:
    """Writes one evaluation, or one task of the experiment, at a time."""

    def __init__(self, folder: Path, conduct: Conduct, chance: Chance) -> None:
        self._conduct, self._chance = conduct, chance
        self._evaluations = Lines(folder / "logs" / "evals.jsonl")
        self._experiments = Lines(folder / "logs" / "experiments.jsonl")

    async def evaluate(self) -> None:
        chance, conduct = self._chance, self._conduct
        self._evaluations.write(type="candidate", decision="sampled" if chance.happens(0.6) else "skipped")
        item = f"run-{chance.key(48)}"
        verdict = "fail" if chance.happens(conduct.evaluations_fail) else "pass"
        broken = chance.happens(conduct.evaluators_break)
        said = {"suite": chance.any_of(SUITES), "evaluator": EVALUATOR, "mode": "online", "item": item}
        score = {} if broken else {"score": round(0.2 + 0.7 * (verdict == "pass") + chance.around(0.02), 3)}
        self._evaluations.write(**said, verdict="error" if broken else verdict, **score)
        if not broken and chance.happens(PEOPLE_LOOK):
            agrees = chance.happens(PEOPLE_AGREE)
            human = verdict if agrees else {"pass": "fail", "fail": "pass"}[verdict]
            self._evaluations.write(type="label", evaluator=EVALUATOR, item=item, human=human)

    async def experiment(self) -> None:
        chance = self._chance
        user = chance.whole(1, USERS)
        variant = VARIANTS[user % 2]
        fails = chance.happens(self._conduct.treatment_fails if variant == "treatment" else 0.05)
        self._experiments.write(
            experiment=EXPERIMENT,
            variant=variant,
            unit=f"user-{user}",
            outcome="error" if fails else "success",
            cost_usd=round(chance.around(0.004 if variant == "treatment" else 0.006), 5),
            resolution_seconds=round(chance.around(90.0), 1),
        )

    def close(self) -> None:
        self._evaluations.close()
        self._experiments.close()
