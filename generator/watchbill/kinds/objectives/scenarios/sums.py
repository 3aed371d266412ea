"""Tiles to sums: every recorded series above the tiles, on a ramp whose sums are plain arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.decimals import literal
from watchbill.durations import HOUR, round_up
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.recording import metadata_rules
from watchbill.kinds.objectives.scenarios.common import groups, records, samples_in, series
from watchbill.model import Records, Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts

SAMPLES_PER_PERIOD = 60


def period_step(facts: Facts) -> int:
    """Return the pace (ms) of scenarios over a whole period."""
    return round_up((facts.period.longest or facts.period.length) / SAMPLES_PER_PERIOD, facts.timing.slow)


def is_short(facts: Facts, length: int) -> bool:
    """Whether a window is tested at the slow tile's pace; longer ones are at the period's, which is cheaper."""
    return length < 1.5 * period_step(facts)


def ramp(facts: Facts, count: int) -> tuple[list[float], list[float], list[float]]:
    """Return rising events, errors well over the budget, and errors that stay below it."""
    events = [float(1000 + 7 * i) for i in range(count)]
    ratio = min(0.9, 3 * facts.budget_ratio)
    over = [float(round(ratio * n)) if ratio * n > 20 else float(1 + i % 3) for i, n in enumerate(events)]
    under = [1.0 if i == count // 2 and facts.budget_ratio > 1e-3 else 0.0 for i in range(count)]
    return events, over, under


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield the values of roll-ups, shorter window sums, evidence, and the constants."""
    step = facts.timing.slow
    reads = Reads(facts)
    fitting = [w for w in reads.windows if is_short(facts, w.length)]
    count = max([w.length for w in fitting] + [HOUR]) // step + 4
    events, over, under = ramp(facts, count)
    at = (count - 1) * step
    histories = list(zip(groups(facts), (over, under), strict=False))
    expected: list[Records] = []
    for what in ("events", "errors"):
        now = [(g, events[-1] if what == "events" else e[-1]) for g, e in histories]
        expected.append(records(facts, conventions.tile(what, step), at, now))
    for window in fitting:
        inside = samples_in(window.length, step, at)
        found = [(g, sum((events if window.what == "events" else e)[i] for i in inside)) for g, e in histories]
        expected.append(records(facts, window.record, at, found))
    for length in dict.fromkeys(t.long for t in facts.tiers if is_short(facts, t.long)):
        inside = samples_in(length, step, at)
        nats = []
        for group, errors in histories:
            e, n = sum(errors[i] for i in inside), sum(events[i] for i in inside)
            if e > float(literal(facts.budget_ratio)) * n:
                nats.append((group, burn.evidence(e, n, float(literal(facts.budget_ratio)))))
        expected.append(records(facts, conventions.evidence(length), at, nats, tolerance=1e-6))
    inputs = []
    for group, errors in histories:
        inputs.append(series(facts, conventions.tile("events", facts.timing.tile), group, events))
        inputs.append(series(facts, conventions.tile("errors", facts.timing.tile), group, errors))
    yield Scenario(
        name=f"{facts.name}: sums, evidence and constants",
        level="tiles",
        step=step,
        evaluation=step,
        series=tuple(inputs),
        records=(*expected, *_constants(facts, at)),
    )


def _constants(facts: Facts, at: int) -> Iterator[Records]:
    """Yield the metadata, each with all its labels."""
    for rule in metadata_rules(facts):
        if rule.record == conventions.PERIOD_DAYS and facts.period.is_calendar:
            continue
        value = float(rule.expr.removeprefix("vector(").removesuffix(")"))
        own = tuple(p for p in rule.labels if p not in facts.labels)
        matchers = (("service", facts.service), ("slo", facts.name), *own)
        yield Records(rule.record, matchers, at, ((tuple(sorted(rule.labels)), value),))

