"""Every query of every runbook page runs on a real Prometheus, and those on the alert's own series have a result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from watchbill import conventions
from watchbill.promql import quote
from watchbill.targets import runbooks
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from lab.demo_history import Demo
    from watchbill.model import Alert, Plan

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]
BLOCK = re.compile(r"^( *)```promql\n(.*?)\n *```", re.DOTALL | re.MULTILINE)


def pages(plan: Plan) -> dict[str, str]:
    return dict(runbooks.render(plan))


def group_of(demo: Demo, alert: Alert) -> dict[str, str]:
    """Return a group the alert fires for: of its objective's first one, or of the rules that are in trouble."""
    labels = dict(alert.labels)
    label, name = conventions.item(labels)
    if alert.page.group_labels and label == conventions.BUDGET:
        spent = f"topk(1, last_over_time(budget:spend:increase5m{{budget={quote(name)}}}[1h]))"
        ((found, _),) = demo.server.query(spent, demo.now)
        return {one: found[one] for one in alert.page.group_labels}
    if "slo" in labels and alert.page.group_labels:
        by = ", ".join(alert.page.group_labels)
        expr = (
            f"topk(1, count by ({by}) (ALERTS{{slo={quote(labels['slo'])}}} or slo:info{{slo={quote(labels['slo'])}}}))"
        )
        seen = f"last_over_time(slo:error_budget_remaining:ratio{{slo={quote(labels['slo'])}}}[1h])"
        rows = demo.server.query(expr, demo.now)
        rows = [r for r in rows if set(r[0]) == set(alert.page.group_labels)] or demo.server.query(seen, demo.now)
        return {name: rows[0][0][name] for name in alert.page.group_labels}
    if not alert.page.group_labels:
        return {}
    firing = [found for found, _ in demo.server.query(alert.expr, demo.now)]
    named = [found for one, found in label_sets(demo.plan) if one.name == alert.name]
    return {name: (firing or named)[0][name] for name in alert.page.group_labels}


def filled(expr: str, group: dict[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda m: quote(group[m[1]])[1:-1] if m[1] in group else m[0], expr)


def test_every_query_of_every_page_runs_and_the_alerts_own_have_results(demo_history: Demo) -> None:
    written = pages(demo_history.plan)
    answers: dict[str, int] = {}
    empty: list[str] = []
    for alert in demo_history.plan.alerts():
        group = group_of(demo_history, alert)
        for _, block in BLOCK.findall(written[f"runbooks/{alert.name}.md"]):
            expr = filled(block, group)
            if expr not in answers:
                answers[expr] = len(demo_history.server.query(expr, demo_history.now))
        empty += [
            f"{alert.name}: {check.key}: {filled(check.expr, group)}"
            for check in alert.page.make().checks
            if check.always and not answers[filled(check.expr, group)]
        ]
    assert empty == []
    assert len(answers) > 400
    assert sum(map(bool, answers.values())) > 0.5 * len(answers)


def test_what_a_page_computes_is_what_the_server_computes(demo_history: Demo) -> None:
    """While an alert fires its page must show a burn over 1, a time since and hours left."""
    server, now = demo_history.server, demo_history.now
    firing = server.query('ALERTS{alertstate="firing",tier="fast",slo!=""}', now)
    assert firing
    pages_of = {a.name: a.page for a in demo_history.plan.alerts()}
    for labels, _ in firing:
        page = pages_of[labels["alertname"]]
        checks = {c.key: filled(c.expr, {n: labels[n] for n in page.group_labels}) for c in page.make().checks}
        ((_, left),) = server.query(checks["left"], now)
        burns = [server.query(expr, now)[0][1] for key, expr in checks.items() if key.startswith("burn-")]
        ((_, hours),) = server.query(checks["until-gone"], now)
        assert min(burns) > 1, labels
        assert (hours > 0) is (left > 0), labels
