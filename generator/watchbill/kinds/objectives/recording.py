"""Recording rules above the tiles: roll-ups, window sums, evidence and metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal
from watchbill.durations import DAY, format_duration
from watchbill.model import Labels, RecordingRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.reads import Reads


def window_rules(facts: Facts, reads: Reads, *, slow: bool) -> Iterator[RecordingRule]:
    """Yield the window sums of one pace."""
    source = facts.timing.slow if slow else facts.timing.tile
    for window in reads.windows:
        if window.slow is slow:
            expr = facts.over_tiles(conventions.tile(window.what, source), window.length)
            yield RecordingRule(window.record, expr, facts.labels)


def evidence_rules(facts: Facts, reads: Reads, *, slow: bool) -> Iterator[RecordingRule]:
    """Yield e ln(e / mu) - e + mu, nats, where errors e exceed mu = budget ratio * events (Chernoff; alert-math 1)."""
    beta = literal(facts.budget_ratio)
    done: set[int] = set()
    for tier in facts.tiers:
        if tier.long in done or reads.slow_of["errors", tier.long] is not slow:
            continue
        done.add(tier.long)
        errors, events = reads.window("errors", tier.long), reads.window("events", tier.long)
        expr = (
            f"{errors} * ln({errors} / ({beta} * {events}))\n"
            f"- {errors} + {beta} * {events}\n"
            f"and\n{errors} > {beta} * {events}"
        )
        yield RecordingRule(conventions.evidence(tier.long), expr, facts.labels)


def rollup_rules(facts: Facts) -> Iterator[RecordingRule]:
    """Yield the slow tiles: sums of the fast ones."""
    for what in ("events", "errors"):
        expr = facts.over_tiles(conventions.tile(what, facts.timing.tile), facts.timing.slow)
        yield RecordingRule(conventions.tile(what, facts.timing.slow), expr, facts.labels)


def metadata_rules(facts: Facts) -> Iterator[RecordingRule]:
    """Yield constants for dashboards: objective, budget, period, tiers."""

    def constant(record: str, value: float, labels: Labels = ()) -> RecordingRule:
        return RecordingRule(record, f"vector({literal(value)})", (*facts.labels, *labels))

    yield constant(conventions.OBJECTIVE, facts.objective)
    yield constant(conventions.BUDGET_RATIO, facts.budget_ratio)
    days = facts.period.days or f"vector({literal(facts.period.length / DAY)})"
    yield RecordingRule(conventions.PERIOD_DAYS, days, facts.labels)
    owner = (("owner", facts.owner),) if facts.owner else ()
    section = ((conventions.SECTION, facts.section),) if facts.section else ()
    uid = conventions.dashboard_uid(facts.service, conventions.objective_board(facts.name))
    shown = (*section, (conventions.DASHBOARD, uid))
    described = (("title", facts.title), *owner, ("period", facts.period.text), *shown)
    yield constant(conventions.INFO, 1, (*described, ("weighting", facts.weighting)))
    for tier in facts.tiers:
        labels = tier_labels(facts, tier)
        yield constant(conventions.TIER_BURN_RATE, tier.burn_rate(facts.period.length), labels)
        yield constant(conventions.TIER_BUDGET, tier.budget, labels)


def tier_labels(facts: Facts, tier: Tier) -> Labels:
    """Return the labels that name a tier."""
    return (
        (conventions.TIER, tier.name),
        (conventions.SEVERITY, facts.severity(tier.severity)),
        (conventions.LONG_WINDOW, format_duration(tier.long)),
        (conventions.SHORT_WINDOW, format_duration(tier.short)),
    )
