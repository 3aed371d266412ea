"""What happened in the past: traffic by the hour, few errors, one incident in each objective's first group.

Budgets are spent as planned, queues drain, backups and restore tests are made in time.
"""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING

import numpy as np

from compose.simulator.backups.restic import REPOSITORIES
from lab.demo_history.backups import backups
from lab.demo_history.budgets import spending
from lab.demo_history.capacity import Scale, capacities
from lab.demo_history.inputs import inputs
from lab.demo_history.series import Stored
from lab.demo_history.story import Story
from lab.demo_history.times import SCRAPE
from lab.demo_history.words import WORDS
from lab.demo_history.world import groups
from watchbill.kinds.budgets import Budget
from watchbill.kinds.slis.exposition import INSTANCE
from watchbill.plan import resolve, setting
from watchbill.promql import parse_selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compose.demo.history.grid import Grid
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.spec import Document

SEED = 20_261_125
QUIETER = 0.1
"""The past's traffic as a share of the simulator's. A tenth, so that budgets are small beside what goes wrong now, and
a total failure pages after one or two minutes instead of ten."""
RATES = {
    "first-token": 0.9,
    "stream-continuity": 1.04,
    "reconnects-resume": 0.42,
    "tool-calls": 2.1,
    "task-success": 0.06,
}
"""Events per second of the busiest group today, where they are not those of runs; less where most may fail, so that a
total failure of these pages within minutes too."""
RATE = 0.8
WEIGHTS = (1.0, 0.5, 0.25)
CALM = 0.15
"""Errors in quiet times, as a share of what the objective allows."""
INCIDENT_DAYS, INCIDENT_PART = 12.0, 0.55
SPENT = 0.35
"""What the incident took of the budget."""
DIURNAL = 0.25
SCALE = Scale(
    slots=2, job_seconds=0.6, jobs=0.4, places=40, used=1, starts=0.01, filled=4e-5, filled_each_day=0, misses=False
)
"""Of what capacity is read from: the simulator's, but for starts of sandboxes, which failures are a share of."""
BACKUP_BYTES = 1e6
OURS = dict(zip(WORDS["repository"], REPOSITORIES, strict=True))
"""Made-up label values, and what the platform has in their place."""
LOOKBACK = 300
"""Seconds for which Prometheus takes a series' last sample for its value."""


def scraped(document: Document, grid: Grid) -> Iterator[Stored]:
    """Yield every raw series once."""
    seen = set()
    for one in _everything(document, grid):
        key = (one.name, tuple(sorted(one.labels.items())))
        if key not in seen:
            seen.add(key)
            yield _gone(one, grid) if one.name == "up" else one


def _gone(up: Stored, grid: Grid) -> Stored:
    """Let the past's targets be gone by now: for as long as they are up, no job of theirs can be down."""
    last = grid.end - LOOKBACK
    kept = [value if at <= last else None for at, value in zip(up.times, up.values, strict=True)]
    return Stored(up.name, up.labels, up.times, kept)


def _everything(document: Document, grid: Grid) -> Iterator[Stored]:
    for number, slo in enumerate(document.slos):
        facts = resolve(document, slo)
        rng = np.random.default_rng(SEED + number)
        for n, made_up in enumerate(groups(facts)):
            group = {name: OURS.get(value, value) for name, value in made_up.items()}
            rate = QUIETER * RATES.get(slo.name, RATE) * WEIGHTS[n % len(WEIGHTS)]
            yield from inputs(slo.sli, _story(facts, grid, hit=n == 0), group, slo.causes or (), rng, rate)
    items = [item for _, item in document.items]
    for number, item in enumerate(items):
        if isinstance(item, Budget):
            yield from spending(item, setting(document), grid, np.random.default_rng(SEED + 100 + number))
    yield from backups(items, grid, BACKUP_BYTES)
    yield from capacities(document, grid, SCALE)
    stamps = grid.scrapes()
    targets = (*(t for slo in document.slos for t in slo.sli.targets()), *(t for i in items for t in i.targets()))
    for target in dict.fromkeys(targets):
        labels = {**INSTANCE, **(parse_selector(target).example() or {})}
        yield Stored("up", labels, stamps, [1.0] * len(stamps))


def _story(facts: Facts, grid: Grid, *, hit: bool) -> Story:
    at = grid.stamps()
    slots = facts.sli.samples_slots
    ratio = np.full(len(at), 0.0 if slots else CALM * facts.budget_ratio)
    if hit:
        length = facts.period.length / 1000
        bad = 1.0 if slots else min(0.9, 40 * facts.budget_ratio)
        lasts = SPENT * facts.budget_ratio * length / bad
        begin = grid.end - min(INCIDENT_DAYS * 86400, INCIDENT_PART * length)
        ratio[(at >= begin) & (at < begin + lasts)] = bad
    traffic = (1 + DIURNAL * np.sin(2 * pi * (at % 86400) / 86400)) * grid.gaps() / SCRAPE
    return Story(at, ratio, traffic)
