"""Binding conditions: for each condition of an alert, cases in which it alone decides - just over, under, equal.

The method of alert-math section 7. Values enter as recorded window sums, so each condition is set on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.decimals import literal
from watchbill.kinds.objectives.reads import Reads
from watchbill.kinds.objectives.scenarios.common import alert_labels, groups, series
from watchbill.model import Fires, Scenario, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.objectives.facts import Facts

OVER, UNDER = 1.02, 0.98
MUCH = 2.0**50
ROOMY = 0.8
FEW = 1e-6
BUDGET = 2.0**24
"""A power of two: shares of it are exact doubles, so that equality can be tested."""


@dataclass(frozen=True, slots=True)
class Case:
    """One set of inputs; errors (e) and events (n) in the long, short and still-burning window.

    `other` is a field of a condition that a silent case does not turn on; `before` is what comes before a firing one.
    """

    name: str
    fires: bool
    e_long: float
    e_short: float
    e_still: float
    n_long: float
    n_short: float
    n_still: float
    budget: float = BUDGET
    other: str = "e_long"
    before: Case | None = None


def scenarios(facts: Facts) -> Iterator[Scenario]:
    """Yield one scenario a tier, with all its cases."""
    for tier in facts.tiers:
        yield _scenario(facts, tier, list(cases(facts, tier)))


def cases(facts: Facts, tier: Tier) -> Iterator[Case]:
    """Yield the cases of a tier, silent and firing ones."""
    clear = Case("nothing at all", False, 0, 0, 0, 0, 0, 0, 0)
    yield clear
    yield Case("much traffic and budget, no errors", False, 0, 0, 0, MUCH, MUCH, MUCH, 2 * BUDGET)
    yield from _time_cases(facts, tier) if facts.weighting == "time" else _event_cases(facts, tier)


def _event_cases(facts: Facts, tier: Tier) -> Iterator[Case]:
    beta = float(literal(facts.budget_ratio))
    long, short = float(literal(tier.budget)) * BUDGET, float(literal(tier.short_budget)) * BUDGET
    shared = tier.short == tier.still
    burning = "e_still"
    far = Case("all far over", True, 10 * long, 10 * short, 10 * short, 10 * long, 10 * short, 10 * short)
    yield far
    yield replace(far, name="traffic without errors", fires=False, e_long=0, e_short=0, e_still=0)
    for word, factor, fires in (("over", OVER, True), ("equal", 1.0, True), ("under", UNDER, False)):
        more = max(factor, 1.1) if beta < ROOMY else factor  # events over, so that they do not pass for errors
        yield replace(
            far, name=f"long window just {word}", fires=fires, e_long=long * factor, n_long=long * more, other=burning
        )
        still = short * factor if shared else far.e_still
        some = still / beta**0.5  # more than the errors, so that they do not pass for them, and still too many errors
        yield replace(
            far, name=f"short window just {word}", fires=fires, e_short=short * factor, e_still=still, n_still=some
        )
    events = BUDGET
    while beta * events < 10 * short:
        events *= 2
    for word, factor, fires in (("over", OVER, True), ("equal", 1.0, False), ("under", UNDER, False)):
        errors = beta * events * factor
        yield replace(
            far, name=f"still burning just {word}", fires=fires,
            e_short=errors if shared else far.e_short, e_still=errors, n_still=events,
        )  # fmt: skip
    more = 4 * beta * events
    yield replace(
        far, name="still burning, long clear", fires=False, e_long=0, e_still=more, n_still=events, other=burning
    )
    if facts.low_traffic.alpha < 1:
        few, fewer = (_events_for(far.e_long, beta, facts.low_traffic.threshold * f) for f in (UNDER, OVER))
        under = replace(far, name="evidence just under", fires=False, n_long=few, other=burning)
        yield from (under, replace(far, name="evidence just over", n_long=fewer, before=under))
    small = facts.low_traffic.min_bad_events / (20 * tier.budget)
    yield from _least(facts, replace(far, budget=small, other=burning))


def _least(facts: Facts, far: Case) -> Iterator[Case]:
    """Yield the least number of errors, met and missed by one, of so few events that nothing else is in the way."""
    least = facts.low_traffic.min_bad_events
    if least:
        small = replace(far, n_long=least * FEW)
        yield replace(small, name="least number of errors met", fires=True, e_long=least)
        yield replace(small, name="least number of errors missed", fires=False, e_long=least - 1)


def _time_cases(facts: Facts, tier: Tier) -> Iterator[Case]:
    beta = float(literal(facts.budget_ratio))
    threshold = float(literal(tier.burn_rate(facts.period.length) * facts.budget_ratio))
    events = 2.0**44
    most = min(0.99, 10 * threshold)
    far = Case("all far over", True, most * events, most * events, 0, events, events, events)
    yield far
    yield replace(far, name="traffic without errors", fires=False, e_long=0, e_short=0)
    for word, factor, fires in (("over", OVER, True), ("equal", 1.0, False), ("under", UNDER, False)):
        errors = threshold * events * factor
        yield replace(far, name=f"long window just {word}", fires=fires, e_long=errors, other="e_short")
        yield replace(far, name=f"short window just {word}", fires=fires, e_short=errors)
    yield replace(far, name="one event in the short window, an error", e_short=1, n_short=1)
    if facts.low_traffic.alpha < 1:
        count, more = (facts.low_traffic.threshold * f / burn.evidence(most, 1.0, beta) for f in (UNDER, OVER))
        under = replace(
            far, name="evidence just under", fires=False, e_long=most * count, n_long=count, other="e_short"
        )
        yield from (under, replace(far, name="evidence just over", e_long=most * more, n_long=more, before=under))
    yield from _least(facts, replace(far, other="e_short"))


def _events_for(errors: float, beta: float, nats: float) -> float:
    """Return how many events make `errors` carry `nats` of evidence: more events mean less of it, so bisection."""
    low, high = 0.0, errors / beta
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if burn.evidence(errors, middle, beta) > nats else (low, middle)
    return (low + high) / 2


def fields(facts: Facts, tier: Tier) -> list[tuple[str, str, bool]]:
    """Return the recorded series a tier's alert is made of: name, field of `Case`, whether slow rules record it."""
    slow_of = Reads(facts).slow_of
    found = {
        ("errors", tier.long): "e_long", ("errors", tier.short): "e_short", ("errors", tier.still): "e_still",
        ("events", tier.long): "n_long", ("events", tier.short): "n_short", ("events", tier.still): "n_still",
    }  # fmt: skip
    if facts.weighting == "time":
        found = {key: name for key, name in found.items() if not name.endswith("_still")} | {
            ("errors", tier.short): "e_short", ("events", tier.short): "n_short",
        }  # fmt: skip
    names = [(conventions.window_sum(*key), f, slow_of[key]) for key, f in found.items() if key in slow_of]
    return [*names, (conventions.BUDGET_EVENTS, "budget", True)] if facts.weighting == "events" else names


def _tempting(case: Case) -> Case:
    """Return what fires all the more than a silent case, but for one other condition, which is not met."""
    e_long, e_short, e_still = (
        0.0 if field == case.other else 4 * getattr(case, field) for field in ("e_long", "e_short", "e_still")
    )
    return Case(
        case.name, False, e_long, e_short, e_still, case.n_long / 4, case.n_short / 4, case.n_still / 4, case.budget / 2
    )


def _inputs(facts: Facts, tier: Tier, timeline: list[Case]) -> Iterator[Series]:
    """Yield the window sums and the budget; the second group has the same traffic and no errors."""
    for i, group in enumerate(groups(facts)):
        for record, name, _ in fields(facts, tier):
            errors = name.startswith("e_")
            yield series(facts, record, group, [0.0 if errors and i else getattr(c, name) for c in timeline])


def _scenario(facts: Facts, tier: Tier, found: list[Case]) -> Scenario:
    """Silent cases come first; each firing one is followed by quiet until the alert has cleared.

    Each case lasts two samples, and is looked at on both. On the first, the sample before it would have had it
    otherwise - errors, traffic and budget that fire, but for another condition, or ones that do not - and tells the
    newest one from a maximum, minimum or mean; on the second, its own samples tell it from a sum.
    """
    step = facts.timing.slow
    rest = facts.keep_firing // step + 2
    quiet, lasts = found[1], 2
    name = conventions.burn_alert(facts.name, tier.name)
    firing = (alert_labels(facts, tier, groups(facts)[0]),)
    timeline: list[Case] = []
    checks = []
    for case in sorted(found, key=lambda c: c.fires):
        timeline.append((case.before or quiet) if case.fires else _tempting(case))
        checks += [Fires(name, (len(timeline) + i) * step, firing if case.fires else ()) for i in (0, lasts - 1)]
        timeline += [case] * lasts
        if case.fires:
            timeline += [quiet] * rest
            checks.append(Fires(name, (len(timeline) - 1) * step, ()))
    return Scenario(
        name=f"{facts.name}, {tier.name}: each condition alone decides",
        level="windows",
        step=step,
        evaluation=step,
        series=tuple(_inputs(facts, tier, timeline)),
        fires=tuple(checks),
    )
