"""The reference bundle's rules, each broken in many ways: its generated tests must notice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from lab.toolchain import ROOT, promtools
from tests.mutation.broken import places
from tests.mutation.equivalents import SURVIVORS
from tests.mutation.runner import Result, run
from watchbill import plan
from watchbill.load import load

if TYPE_CHECKING:
    from pathlib import Path

    from watchbill.model import Unit

LEAST = 0.99


@pytest.mark.mutation
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not promtools(), reason="no promtool is available")
def test_generated_tests_notice_what_is_wrong_with_generated_rules(tmp_path: Path) -> None:
    bundle = plan.build(load([ROOT / "watchbill.yaml"]).document)
    promtool = promtools()[0].path

    def tried(unit: Unit) -> Result:
        result = run(unit, promtool, tmp_path / unit.name)
        report(result)
        return result

    with ThreadPoolExecutor(2) as workers:
        results = list(workers.map(tried, sorted(bundle.units, key=_size, reverse=True)))
    unlisted = [f"{r.unit}: {name}" for r in results for name in r.unlisted]
    listed = [f"{r.unit}: {name}" for r in results for name in r.listed]
    harmless = [name for name in listed if any(s.equivalent and s.covers(name) for s in SURVIVORS)]
    total = sum(r.total for r in results) - len(harmless)
    survived = len(listed) + len(unlisted) - len(harmless)
    print(f"{total} mutants that matter, {survived} survived; {len(harmless)} are equivalent")
    unused = [s.pattern for s in SURVIVORS if not any(s.covers(name) for name in listed)]
    assert 1 - survived / total >= LEAST, unlisted
    assert not unlisted
    assert not unused


def _size(unit: Unit) -> int:
    """Return about how long its mutants take: the last one to begin should be short."""
    return sum(len(rule.expr) for _, rule in places(unit.files))


def report(r: Result) -> None:
    lines = [f"{r.unit}: {r.total} mutants, {len(r.listed)} listed, {len(r.unlisted)} not, {r.seconds:.0f} s"]
    print("\n    ".join([*lines, *r.unlisted]), flush=True)
