"""How fast SLOs are checked and made into rules, against two generators from PyPI in the same run."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.generation import process, subjects
from benchmarks.report import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.generation.process import Usage
    from benchmarks.generation.subjects import Subject

NAME = "generate"
MANY = 1_000
MOST = 10_000
PER_CORE = 1_000.0  # SLOs a second
MEMORY = 300.0  # MB
LINEAR = 13.0
STARTS = 3  # the first may compile


@dataclass(frozen=True)
class Step:
    """One command over all SLOs; `start` is the same command over one SLO."""

    used: Usage
    start: Usage

    @property
    def cpu(self) -> float:
        """CPU seconds without interpreter and imports."""
        return max(self.used.cpu - self.start.cpu, 1e-9)


@dataclass(frozen=True)
class Run:
    """Check and generation of `count` SLOs by one subject."""

    count: int
    steps: Mapping[str, Step]
    rules: int

    @property
    def cpu(self) -> float:
        return sum(step.cpu for step in self.steps.values())

    @property
    def start(self) -> float:
        return sum(step.start.cpu for step in self.steps.values())

    @property
    def rate(self) -> float:
        return self.count / self.cpu


def run(*, full: bool) -> Iterator[Result]:
    """Yield the results; `full` has the others make 10,000 too."""
    with tempfile.TemporaryDirectory(prefix="watchbill-bench-", dir=_memory()) as name:
        folder = Path(name)
        subject = subjects.OURS
        ours = _measure(subject, folder, MANY)
        yield from _figures(subject, ours, bounded=True)
        for other in subjects.OTHERS:
            its = _measure(other, folder, MANY)
            yield from _figures(other, its)
            yield Result(_title(MANY), other.name, "SLOs, times fewer than ours", ours.rate / its.rate, "x")
        yield from _linearity(subject, folder)
        if full:
            for other in subjects.OTHERS:
                yield from _figures(other, _measure(other, folder, MOST))


def _memory() -> Path | None:
    """Return a file system in memory, where there is one: some disks take longer to create a file than its rules do."""
    folder = Path("/dev/shm")  # noqa: S108 - a temporary folder is made inside of it
    return folder if os.access(folder, os.W_OK) else None


def _measure(subject: Subject, folder: Path, count: int) -> Run:
    starts = [_once(subject, folder / f"{subject.name}-{count}-start-{turn}", 1)[0] for turn in range(STARTS)]
    start = {name: min((one[name] for one in starts), key=lambda usage: usage.cpu) for name in starts[0]}
    used, rules = _once(subject, folder / f"{subject.name}-{count}", count)
    return Run(count, {name: Step(used[name], start[name]) for name in used}, rules)


def _once(subject: Subject, folder: Path, count: int) -> tuple[dict[str, Usage], int]:
    folder.mkdir(parents=True)
    subject.write(folder / subjects.SPEC, count)
    used = {name: process.run(command) for name, command in subject.commands(folder).items()}
    rules = subjects.rules_made(folder)
    assert rules >= count, f"{subject.name} made {rules} rules of {count} SLOs"
    return used, rules


def _figures(subject: Subject, run: Run, *, bounded: bool = False) -> Iterator[Result]:
    title = _title(run.count)
    note = f"{run.rules:,} rules, {run.rules / run.cpu:,.0f} rules/s"
    yield Result(title, subject.name, "SLOs per core", run.rate, "/s", PER_CORE if bounded else None, note=note)
    for name, step in run.steps.items():
        yield Result(title, subject.name, f"CPU, {name}", step.cpu, "s", note=f"wall clock {step.used.wall:.2f} s")
    yield Result(title, subject.name, "CPU, start-up, not in the above", run.start, "s")
    peak = max(step.used.peak for step in run.steps.values())
    yield Result(title, subject.name, "peak memory", peak, "MB", high=MEMORY if bounded else None)


def _linearity(subject: Subject, folder: Path) -> Iterator[Result]:
    """Compare with a thousand before and after, so that a machine which gets slower meanwhile is no growth."""
    before = _measure(subject, folder / "before", MANY)
    most = _measure(subject, folder, MOST)
    after = _measure(subject, folder / "after", MANY)
    yield from _figures(subject, most)
    growth = most.cpu / ((before.cpu + after.cpu) / 2)
    yield Result(_title(MOST), subject.name, f"CPU, times that of {MANY:,}", growth, "x", high=LINEAR)


def _title(count: int) -> str:
    return f"generate: check and rules of {count:,} SLOs"
