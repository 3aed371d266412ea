"""Companions of every objective: its signal went missing, or its traffic broke down."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.decimals import literal, percent
from watchbill.durations import HOUR, MINUTE, WEEK, format_duration
from watchbill.gotext import escaped
from watchbill.kinds.objectives.pages import collapse_page, missing_page
from watchbill.model import Alert, Labels
from watchbill.promql import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.reads import Reads

ABSENT_FOR = 5 * MINUTE
MISSING_PENDING = 10 * MINUTE
COLLAPSE_PENDING = 15 * MINUTE
COLLAPSE_EVIDENCE = 6.907755
"""ln(1000), nats: chance alone explains such a drop less than once in a thousand hours."""
MAX_EXPECTED_GROUPS = 20


def companion_alerts(facts: Facts, reads: Reads) -> Iterator[Alert]:
    """Yield the companions the spec asks for."""
    if facts.on_no_data in {"page", "ticket"}:
        yield _missing(facts, reads)
    if facts.collapse:
        yield _collapse(facts, reads)


def expected_groups(facts: Facts) -> list[Labels]:
    """Return the label sets that must be there: every combination of allow-lists, if all labels have one."""
    if not all(g.values for g in facts.sli.by):
        return [()]
    lists = [[(g.name, v) for v in g.values] for g in facts.sli.by]
    groups = list(islice(product(*lists), MAX_EXPECTED_GROUPS + 1))
    return [tuple(g) for g in groups] if len(groups) <= MAX_EXPECTED_GROUPS else [()]


def _missing(facts: Facts, reads: Reads) -> Alert:
    tile = conventions.tile("events", facts.timing.tile)
    window = max(ABSENT_FOR, 4 * facts.timing.tile)
    parts = []
    for group in expected_groups(facts):
        matchers = "".join(f",{name}={quote(value)}" for name, value in group)
        parts.append(f"absent_over_time({tile}{facts.matchers[:-1]}{matchers}}}[{format_duration(window)}])")
    expr = "\nor\n".join(parts)
    if facts.mask:
        expr = f"(\n{expr}\n)\nunless on () ({facts.mask})"
    return Alert(
        name=conventions.missing_alert(facts.name),
        expr=expr,
        labels=_labels(facts, facts.on_no_data),
        annotations=(
            ("summary", f"{escaped(facts.title)}: no data for this objective"),
            (
                "description",
                (
                    "None of the metrics this objective is measured by has been seen for "
                    f"{format_duration(ABSENT_FOR + MISSING_PENDING)}: its burn alerts are blind until they are back."
                ),
            ),
        ),
        pending=MISSING_PENDING,
        family="signal-missing",
        board=conventions.objective_board(facts.name),
        page=missing_page(facts, reads, grouped=expected_groups(facts) != [()], window=window, pending=MISSING_PENDING),
    )


def _collapse(facts: Facts, reads: Reads) -> Alert:
    """Traffic of the last hour against the same hour a week ago: far less, and too much less to be chance.

    Lower-tail Poisson evidence n ln(n / mu) - n + mu (alert-math, section 1), and a drop that matters: at high traffic
    the evidence alone would fire on every small change.
    """
    now = reads.window("events", HOUR)
    record = conventions.window_sum("events", HOUR)
    slow = reads.slow_of["events", HOUR]
    usual = reads.slow(record, WEEK) if slow else f"{facts.ref(record)} offset 1w"
    bound = literal(COLLAPSE_EVIDENCE)
    expr = (
        f"{now} / ({usual} > 0) < {literal(facts.collapse)}\n"
        "and (\n"
        f"  {now} * ln({now} / {usual}) - {now} + {usual} > {bound}\n"
        "  or\n"
        f"  ({usual} > {bound} and {now} == 0)\n"
        ")"
    )
    if facts.mask:
        expr = f"(\n{expr}\n)\nunless on () max_over_time(({facts.mask})[65m:1m])"
    return Alert(
        name=conventions.collapse_alert(facts.name),
        expr=expr,
        labels=_labels(facts, "ticket"),
        annotations=(
            ("summary", f"{escaped(facts.title)}: traffic is {{{{ $value | humanizePercentage }}}} of last week's"),
            (
                "description",
                (
                    f"Events of the last hour are below {percent(facts.collapse)} of the same hour a week ago, too few "
                    "to be chance. Fewer events hide errors: look for what keeps requests away before trusting the SLO."
                ),
            ),
        ),
        pending=COLLAPSE_PENDING,
        family="traffic-collapse",
        board=conventions.objective_board(facts.name),
        page=collapse_page(facts, reads, pending=COLLAPSE_PENDING),
    )


def _labels(facts: Facts, level: str) -> Labels:
    found = (*facts.labels, (conventions.SEVERITY, facts.severity(level)))
    return tuple((k, escaped(v)) for k, v in found)
