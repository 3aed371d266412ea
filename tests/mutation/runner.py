"""Runs promtool on mutants of a unit and tells which ones its generated tests notice."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.mutation.broken import Mutant, changed, mutated
from tests.mutation.equivalents import SURVIVORS
from tests.mutation.sidebyside import batch, tags
from watchbill import conventions
from watchbill.model import Plan
from watchbill.targets import rule_tests, rules

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill.model import Scenario, Unit

AT_ONCE = 400
"""Mutants per run: more only make a run that has to be repeated longer."""
LONGEST_RUN = 300


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a unit's mutants."""

    unit: str
    total: int
    listed: tuple[str, ...]
    unlisted: tuple[str, ...]
    seconds: float


def run(unit: Unit, promtool: Path, folder: Path) -> Result:
    """Kill what can be killed side by side, then try the rest in its place. Raises where the original fails.

    Mutants that are listed as survivors are not tried again.
    """
    began = time.monotonic()
    paces = _healthy(unit, promtool, folder / "original")
    alive = dict(enumerate(mutated(unit)))
    total = len(alive)
    for i, scenario in enumerate(_cheapest_first(unit)):
        for part in _parts(alive):
            killed = _side_by_side(unit, scenario, part, promtool, folder / f"batch-{i}")
            alive = {n: m for n, m in alive.items() if n not in killed}
    listed = tuple(m.name for m in alive.values() if _expected(unit, m))
    rest = ((n, m) for n, m in alive.items() if not _expected(unit, m))
    unlisted = tuple(m.name for n, m in rest if not _in_place(unit, m, promtool, folder / f"alone-{n}", paces))
    return Result(unit.name, total, listed, unlisted, time.monotonic() - began)


def _expected(unit: Unit, mutant: Mutant) -> bool:
    return any(survivor.covers(f"{unit.name}: {mutant.name}") for survivor in SURVIVORS)


def _cheapest_first(unit: Unit) -> list[Scenario]:
    """Return the scenarios by how many evaluations they take."""

    def cost(scenario: Scenario) -> float:
        asked = [*(f.at for f in scenario.fires), *(r.at for r in scenario.records)]
        return max(asked) / scenario.evaluation

    return sorted(unit.scenarios, key=cost)


def _parts(alive: dict[int, Mutant]) -> list[dict[int, Mutant]]:
    items = list(alive.items())
    return [dict(items[i : i + AT_ONCE]) for i in range(0, len(items), AT_ONCE)]


def _side_by_side(unit: Unit, scenario: Scenario, part: dict[int, Mutant], promtool: Path, folder: Path) -> set[int]:
    """Return the killed ones. A rule that fails to load or evaluate ends a run early: it is taken out for the next."""
    killed: set[int] = set()
    while True:
        found = batch(unit, scenario, {n: m for n, m in part.items() if n not in killed})
        if found is None:
            return killed
        output = _promtool(promtool, *_written(found, folder))
        complained = tags(output)
        if not complained and output:
            raise AssertionError(output[:2000])
        killed |= complained
        if not complained or not ("could not parse" in output or "err:" in output):
            return killed


def _written(unit: Unit, folder: Path) -> list[Path]:
    """Write rules and tests; return the test files."""
    plan = Plan("mutation", "", units=(unit,))
    tests = []
    for target in (rules, rule_tests):
        for path, text in target.render(plan):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            if path.startswith(conventions.TESTS_FOLDER):
                tests.append(file)
    return tests


def _promtool(promtool: Path, *tests: Path) -> str:
    """Return what promtool says where a test fails or rules do not load, and nothing where all is well."""
    done = subprocess.run(
        [promtool, "test", "rules", *tests], capture_output=True, text=True, timeout=LONGEST_RUN, check=False
    )
    return done.stdout + done.stderr if done.returncode else ""


def _healthy(unit: Unit, promtool: Path, folder: Path) -> list[str]:
    """Return the test files' names, quickest first, after making sure that the original passes."""
    took = {}
    for test in _written(unit, folder):
        began = time.monotonic()
        said = _promtool(promtool, test)
        if said:
            raise AssertionError(f"{unit.name} fails its tests without any mutation: {said[:2000]}")
        took[test.name] = time.monotonic() - began
    return sorted(took, key=lambda name: took[name])


def _in_place(unit: Unit, mutant: Mutant, promtool: Path, folder: Path, paces: list[str]) -> bool:
    """Whether any test of the unit fails once the mutant has taken its rule's place."""
    tests = _written(replace(unit, files=changed(unit.files, mutant.changes)), folder)
    return any(_promtool(promtool, test) for test in sorted(tests, key=lambda t: paces.index(t.name)))
