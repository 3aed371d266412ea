"""Pages of the bundle's own health: rules that were skipped, and rules that fail."""

from __future__ import annotations

from functools import partial

from watchbill.model import Check, Content, Fact, Page, Use

LABELS = ("instance", "rule_group")
GROUP = 'instance="$instance",rule_group="$rule_group"'


def missed_page(service: str, lookback: str) -> Page:
    """Return the page of skipped evaluations."""
    return Page(f"Rules of {service} are evaluated", group_labels=LABELS, make=partial(_missed, lookback))


def _missed(lookback: str) -> Content:
    missed = f"increase(prometheus_rule_group_iterations_missed_total{{{GROUP}}}[{lookback}])"
    ratio = (
        f"prometheus_rule_group_last_duration_seconds{{{GROUP}}}\n/ prometheus_rule_group_interval_seconds{{{GROUP}}}"
    )
    return Content(
        hurts="Prometheus skipped evaluations of a rule group. Each one loses a tile: the events and errors of one "
        "interval are in no sum, so budgets look better than they are.",
        brief="a rule group skipped evaluations: events are lost",
        facts=(
            Fact("Fires at", "the first", "skipped evaluation"),
            Fact("Lost with each", "one interval", "of events and errors"),
            Fact("Clears", f"after {lookback}", "without a skipped evaluation"),
        ),
        checks=(
            Check("missed", "How many were skipped?", missed, f"evaluations in {lookback}", always=True),
            Check("load", "Is the group too slow?", ratio, "share of its interval it needs; near or above 1: too slow"),
            Check(
                "slowest", "Which groups are slowest?",
                'topk(5, prometheus_rule_group_last_duration_seconds{instance="$instance"})', "seconds per evaluation",
            ),
            Check("over", "Is it over?", f"{missed} > 0", f"no result: none skipped in {lookback}", Use.RECOVERY),
        ),
    )  # fmt: skip


def failing_page(service: str, lookback: str) -> Page:
    """Return the page of failing rules."""
    return Page(f"Rules of {service} evaluate without errors", group_labels=LABELS, make=partial(_failing, lookback))


def _failing(lookback: str) -> Content:
    failed = f"increase(prometheus_rule_evaluation_failures_total{{{GROUP}}}[{lookback}])"
    anywhere = f'increase(prometheus_rule_evaluation_failures_total{{instance="$instance"}}[{lookback}])'
    return Content(
        hurts="A rule fails: what it records is missing, and every alert that reads it is blind. No other alert "
        "says so.",
        brief="a rule fails: alerts that read it are blind",
        facts=(
            Fact("Fires at", "the first", "failed evaluation"),
            Fact("Blind meanwhile", "alerts", "that read what the group records"),
            Fact("Clears", f"after {lookback}", "without a failed evaluation"),
        ),
        checks=(
            Check("failed", "How many failed?", failed, f"failures in {lookback}", always=True),
            Check(
                "all", "Is it this group only?",
                f"sum by (rule_group) ({anywhere}) > 0",
                "many groups: the server or its storage; one: its expression or its data",
            ),
            Check("over", "Is it over?", f"{failed} > 0", f"no result: none failed in {lookback}", Use.RECOVERY),
        ),
    )  # fmt: skip
