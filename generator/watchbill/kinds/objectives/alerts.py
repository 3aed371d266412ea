"""Alerts: one per tier, each a chain of conditions that must hold together, with every label written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import burn, conventions
from watchbill.decimals import literal, percent
from watchbill.durations import format_duration, spoken
from watchbill.gotext import escaped
from watchbill.kinds.objectives.pages import burn_page
from watchbill.kinds.objectives.recording import tier_labels
from watchbill.model import Alert, Labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.burn import Tier
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.reads import Reads


def burn_alerts(facts: Facts, reads: Reads, *, slow: bool) -> Iterator[Alert]:
    """Yield the tiers' alerts of one pace."""
    for tier in facts.tiers:
        if tier.slow is slow:
            yield Alert(
                name=conventions.burn_alert(facts.name, tier.name),
                expr="\nand\n".join(conditions(facts, tier, reads)),
                labels=tuple((k, escaped(v)) for k, v in (*facts.labels, *tier_labels(facts, tier))),
                annotations=_annotations(facts, tier),
                keep_firing=facts.keep_firing,
                family="budget-burn",
                board=conventions.objective_board(facts.name),
                page=burn_page(facts, tier, reads),
            )


def conditions(facts: Facts, tier: Tier, reads: Reads) -> Iterator[str]:
    """Yield the conditions of a tier.

    Events weighting compares errors with the period's budget: a share of the budget is a share of it at any hour,
    where an error ratio is one only at mean traffic. Time weighting compares error ratios, as the workbook does.
    """
    errors = {
        n: reads.window("errors", n) for n in (tier.long, tier.short, tier.still) if ("errors", n) in reads.slow_of
    }
    if facts.weighting == "time":
        threshold = literal(tier.burn_rate(facts.period.length) * facts.budget_ratio)
        for window in (tier.long, tier.short):
            yield f"{errors[window]} / ({reads.window('events', window)} > 0) > {threshold}"
    else:
        yield f"{errors[tier.long]} / {reads.budget()} >= {literal(tier.budget)}"
        yield f"{errors[tier.short]} / {reads.budget()} >= {literal(tier.short_budget)}"
        yield f"{errors[tier.still]} > {literal(facts.budget_ratio)} * {reads.window('events', tier.still)}"
    if facts.low_traffic.alpha < 1:
        record = conventions.evidence(tier.long)
        seen = reads.slow(record) if reads.slow_of["errors", tier.long] else facts.ref(record)
        yield f"{seen} > {literal(facts.low_traffic.threshold)}"
    if facts.low_traffic.min_bad_events:
        yield f"{errors[tier.long]} >= {facts.low_traffic.min_bad_events}"


def _annotations(facts: Facts, tier: Tier) -> Labels:
    period = facts.period
    rate = tier.burn_rate(period.length)
    threshold = rate * facts.budget_ratio
    long, of = format_duration(tier.long), _of(facts)
    if facts.weighting == "time":
        summary = f"{escaped(facts.title)}{of}: {{{{ $value | humanizePercentage }}}} errors over {long}"
    else:
        share = "{{ $value | humanizePercentage }}"
        summary = f"{escaped(facts.title)}{of}: {share} of the {period.text} error budget spent in {long}"
    outage = burn.detection_time(tier.long, threshold, 1.0)
    detected = "" if outage > tier.long else f" A total outage at mean traffic is detected after {spoken(outage)}."
    gone = spoken(burn.exhaustion_time(rate, period.length))
    description = (
        f"{percent(tier.budget)} of the {period.text} error budget within {long} is burn rate "
        f"{literal(round(rate, 2))}: at that pace a full budget is gone in {gone}. "
        f"Objective {percent(facts.objective)} over {period.text}.{detected}"
    )
    return (("summary", summary), ("description", description), ("budget_left", budget_left(facts)))


def budget_left(facts: Facts) -> str:
    """Return a template that Prometheus fills with what is left of the budget: one small query per notification.

    `%q` writes any label value as PromQL reads it; a budget that nobody has recorded yet is unknown.
    """
    groups = facts.sli.group_names
    matchers = "".join(f",{name}=%q" for name in groups)
    selector = f"{conventions.BUDGET_REMAINING}{{service=%q,slo=%q{matchers}}}"
    asked = f"last_over_time({selector}[{format_duration(3 * facts.timing.slow)}])"
    values = "".join(f" $labels.{name}" for name in groups)
    query = f'printf `{asked}` "{facts.service}" "{facts.name}"{values} | query'
    return f"{{{{ with {query} }}}}{{{{ . | first | value | humanizePercentage }}}}{{{{ else }}}}unknown{{{{ end }}}}"


def _of(facts: Facts) -> str:
    names = facts.sli.group_names
    return f" ({', '.join(f'{n} {{{{ $labels.{n} }}}}' for n in names)})" if names else ""
