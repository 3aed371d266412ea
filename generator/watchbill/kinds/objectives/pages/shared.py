"""Facts and checks that pages of several families share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.model import Check, Fact, Use

if TYPE_CHECKING:
    from watchbill.kinds.objectives.facts import Facts
    from watchbill.kinds.objectives.pages.lens import Lens

GROUPS = "watchbill/{}/{}/.*"


def objective(facts: Facts) -> Fact:
    """Return the fact that says what was promised."""
    names = facts.sli.group_names
    per = f", for each {' and '.join(names)}" if names else ""
    of = "of the time" if facts.sli.samples_slots or facts.weighting == "time" else "of events"
    return Fact("Objective", f"{100 * facts.objective:.10g}%", f"{of} good over {_period(facts)}{per}")


def _period(facts: Facts) -> str:
    return f"the calendar {facts.period.text}" if facts.period.is_calendar else facts.period.text


def since(lens: Lens, alert: str) -> Check:
    """Return the check that says since when it has been so."""
    return Check(
        "since",
        "Since when?",
        f"time() - {lens.state(alert)}",
        "seconds since the alert's conditions first held; no result: they do not hold any more",
    )


def gone(lens: Lens, alert: str) -> Check:
    """Return the check that the alert is over."""
    return Check("gone", "Is the alert over?", lens.state(alert), "no result: it has cleared", Use.RECOVERY)


def rules_healthy(service: str, slo: str) -> Check:
    """Return the check that the rules behind the numbers run."""
    group = f'rule_group=~".*{GROUPS.format(service, slo)}"'
    failed, missed = (
        f"increase(prometheus_rule_{name}_total{{{group}}}[15m])"
        for name in ("evaluation_failures", "group_iterations_missed")
    )
    return Check(
        "rules",
        "Do its rules run?",
        f"sum by (rule_group) ({failed}) > 0\nor\nsum by (rule_group) ({missed}) > 0",
        "no result: every rule behind these numbers was evaluated",
        Use.TRUST,
    )
