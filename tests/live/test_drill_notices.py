"""A drill that cannot fail proves nothing: bundles that are broken in one place each, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lab.real_world import legs, tool
from tests.bundle.specs import plan_of
from watchbill.live.local import batch
from watchbill.live.local.drill import local
from watchbill.live.local.servers import Tools
from watchbill.live.outcome import Part
from watchbill.model import Alert, Plan, RecordingRule, RuleFile
from watchbill.targets.routes.checks import expected

if TYPE_CHECKING:
    from collections.abc import Callable

    from watchbill.targets.routes.labelsets import Labels

Change = dict[str, "Callable[[Alert], Alert]"]

SILENT, RELABELLED, ELSEWHERE = "RunSuccessBudgetBurnFast", "SupportAgentsWatchdog", "FirstTokenSignalMissing"
UNFILLED, MISROUTED, EAGER, WELL = (
    f"{slo}{what}"
    for slo, what in (
        ("StreamContinuity", "SignalMissing"),
        ("ReconnectsResume", "SignalMissing"),
        ("GatewayUp", "BudgetBurnFast"),
        ("ToolCalls", "SignalMissing"),
    )
)
CHANGES: Change = {
    SILENT: lambda alert: replace(alert, expr=f"({alert.expr}) > 1e99"),
    RELABELLED: lambda alert: replace(alert, labels=(*alert.labels, ("more", "than promised"))),
    ELSEWHERE: lambda alert: replace(alert, annotations=(("runbook_url", "https://example.com/Other.html"),)),
    UNFILLED: lambda alert: replace(alert, annotations=(("summary", '{{ query "none" | first | value }}'),)),
    EAGER: lambda alert: replace(alert, expr="vector(1)", keep_firing=0),
}
SAID = {
    SILENT: "does not fire as it should: nothing instead of",
    RELABELLED: "does not fire as it should: [{",
    ELSEWHERE: "its runbook page runbooks/site/Other.html is not in the bundle",
    UNFILLED: "its annotation summary is not filled in: <error expanding template",
    MISROUTED: "reaches client-team, not somebody-else",
    EAGER: "fires before its scenario lets it",
}
NEVER_ENDS = "is not resolved once it is healed"


def changed(plan: Plan, changes: Change) -> Plan:
    def rule(one: Alert | RecordingRule) -> Alert | RecordingRule:
        return changes[one.name](one) if isinstance(one, Alert) and one.name in changes else one

    def file(one: RuleFile) -> RuleFile:
        groups = (replace(group, rules=tuple(rule(r) for r in group.rules)) for group in one.groups)
        return replace(one, groups=tuple(groups))

    return replace(plan, units=tuple(replace(u, files=tuple(file(f) for f in u.files)) for u in plan.units))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.xdist_group("drill")
@pytest.mark.skipif(not legs(), reason="no leg of the tool matrix has Prometheus, promtool and Alertmanager")
def test_what_is_broken_is_said_of_each_alert_and_nothing_of_those_that_are_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def other(plan: Plan, labels: Labels) -> str | None:
        return "somebody-else" if labels["alertname"] == MISROUTED else expected(plan, labels)

    monkeypatch.setattr(batch, "SLACK", 25.0)
    monkeypatch.setattr(batch, "LONGEST_CLEAR", 0)
    monkeypatch.setattr(batch, "expected", other)
    monkeypatch.setattr("watchbill.live.local.drill.through", lambda *_: [])
    leg = legs()[-1]
    found = Tools(*(str(tool(name, leg).path) for name in ("prometheus", "promtool", "alertmanager")))
    plan = changed(plan_of("reference"), CHANGES)
    outcomes = {o.alert: o for o in local(plan, [*SAID, WELL], found, pace=5_000) if o.part == Part.ALONE}
    assert outcomes.keys() == {*SAID, WELL}
    for name, said in SAID.items():
        assert any(problem.startswith(said) for problem in outcomes[name].problems), outcomes[name]
    assert NEVER_ENDS in outcomes[EAGER].problems
    assert outcomes[WELL].problems == ()
