"""Evidence and the budget's verdict, on sums that change from one evaluation to the next, and then pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.decimals import literal
from watchbill.durations import HOUR
from watchbill.kinds.objectives.budget import ratio_record
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.common import groups, records, series
from watchbill.kinds.objectives.scenarios.rests import PARTS, Sample, ages, fine, resting
from watchbill.model import Records, Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts

EVENTS = 2.0**24
"""A power of two: the budget ratio times it is an exact double, so that equality can be tested."""


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield one scenario for all evidence, and one for the verdict where it is made of window sums."""
    if facts.tiers:
        yield _evidence(facts)
    if facts.weighting == "events":
        yield _verdict(facts)


def _evidence(facts: Facts) -> Scenario:
    """Errors above, at and below the budget's share of the events, with both going up and down."""
    slow, beta, reads = facts.timing.slow, float(literal(facts.budget_ratio)), Reads(facts)
    factors = [(4, 1), (0.98, 1), (1.02, 1), (1.96, 2), (1.02, 1), (1, 1), (8, 4)]
    first = groups(facts)[0]
    rows: list[int | None] = [k for k in range(len(factors)) for _ in range(PARTS)]
    ends = []
    for age in ages(facts):
        rows += [len(factors) - 1] * (-(-age // PARTS) * PARTS + 1 - age) + [None] * age
        ends.append((len(rows) - 1) * fine(facts))
        rows += [len(factors) - 1] * (PARTS - 1)
    inputs: list[Series] = []
    expected: list[Records] = []
    for number, length in enumerate(dict.fromkeys(tier.long for tier in facts.tiers)):
        own = EVENTS * 2.0**number  # so that no window passes for another
        history = [(e * beta * own, n * own) for e, n in factors]
        for i, group in enumerate(groups(facts)):
            errors, events = ([None if k is None else history[k][field] for k in rows] for field in (0, 1))
            if i:
                errors = [None if e is None else 0.0 for e in errors]
            inputs.append(series(facts, conventions.window_sum("errors", length), group, errors))
            inputs.append(series(facts, conventions.window_sum("events", length), group, events))
        record = conventions.evidence(length)
        for k, (e, n) in enumerate(history):
            nats = [(first, burn.evidence(e, n, beta))] if e > beta * n else []
            expected.append(records(facts, record, k * slow, nats, tolerance=1e-6))
        kept = [(first, burn.evidence(*history[-1], beta))] if reads.slow_of["errors", length] else []
        expected.append(records(facts, record, ends[0], kept, tolerance=1e-6))
        expected.append(records(facts, record, ends[1], []))
    return Scenario(
        name=f"{facts.name}: evidence follows its sums, and ends with them",
        level="windows",
        step=fine(facts),
        evaluation=slow,
        series=tuple(inputs),
        records=tuple(expected),
    )


def _verdict(facts: Facts) -> Scenario:
    """Spent, all events, and the budget; without events or budget there is no verdict. Then each pauses alone."""
    step, slow = fine(facts), facts.timing.slow
    history = [
        (10.0, 1000.0, 50.0), (4.0, 500.0, 20.0), (7.0, 2000.0, 80.0),
        (0.0, 0.0, 0.0), (0.5, 0.875, 0.75), (3.0, 300.0, 30.0),
    ]  # fmt: skip
    names = [
        conventions.period_sum(w) if facts.period.is_calendar else conventions.window_sum(w, facts.period.length)
        for w in ("errors", "events")
    ]
    names.append(conventions.BUDGET_EVENTS)
    timeline: list[Sample] = [dict(zip(names, row, strict=True)) for row in history for _ in range(PARTS)]
    asked = [(k * slow, row, "") for k, row in enumerate(history)]
    for record in names:
        kept, over = ages(facts, HOUR if record == conventions.BUDGET_EVENTS else 0)
        for age, gone in ((kept, ""), (over, record)):
            sample = timeline[-1]
            timeline += resting(sample, record, age)
            asked.append(((len(timeline) - 1) * step, history[-1], gone))
            timeline += [sample] * (PARTS - 1)
    inputs = [
        series(facts, record, group, [sample[record] for sample in timeline])
        for group in groups(facts)
        for record in names
    ]
    expected = []
    for at, (spent, events, budget), gone in asked:
        ratio = [(g, spent / events) for g in groups(facts)] if budget and gone not in names[:2] else []
        left = [(g, 1 - spent / budget) for g in groups(facts)] if budget and gone not in names[::2] else []
        expected.append(records(facts, ratio_record(facts), at, ratio))
        expected.append(records(facts, conventions.BUDGET_REMAINING, at, left))
    return Scenario(
        name=f"{facts.name}: the verdict follows its sums, and ends with them",
        level="windows",
        step=step,
        evaluation=slow,
        series=tuple(inputs),
        records=tuple(expected),
    )
