"""The drill of a stack, against a fake of the stack with a clock of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lab.toolchain import ROOT
from tests.bundle.specs import plan_of
from tests.unit.cli.console import Shown, run
from tests.unit.live.fake_stack import FakeStack, Fires, serving
from watchbill.live.alertmanager import Alertmanager
from watchbill.live.http import Site
from watchbill.live.prometheus import Prometheus
from watchbill.live.stack.control import Control
from watchbill.live.stack.drill import NO_FAULT, StackDrill
from watchbill.live.stack.links import filled
from watchbill.targets.routes.checks import expected
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill.live.outcome import Outcome

FAST, SLOW, MISSING = "RunSuccessBudgetBurnFast", "RunSuccessBudgetBurnSlow", "RunSuccessSignalMissing"
GATEWAY, DOWN, TOKEN = "GatewayUpBudgetBurnFast", "SupportAgentsTargetsDown", "FirstTokenBudgetBurnFast"
PAGES = {FAST, SLOW, GATEWAY, DOWN, TOKEN}
PAGER = "watchbill-support-agents-page"
LONG = 100_000.0


def fires(name: str, receiver: str = "", **more: float | str) -> Fires:
    plan = plan_of("reference")
    labels = next(labels for alert, labels in label_sets(plan) if alert.name == name)
    url = f"https://runbooks.example.com/support-agents/{name}.html?agent=agent-1"
    said = {"summary": "Errors", "runbook_url": url, "dashboard_url": "https://grafana.example.com/d/x"}
    to = receiver or expected(plan, labels) or ""
    return Fires(labels=labels, receiver=to, annotations=said, **more)  # type: ignore[arg-type] # numbers and texts by name


def drilled(
    stack: FakeStack, names: Sequence[str], longest: float = LONG, longest_end: float = LONG
) -> dict[str, Outcome]:
    site = Site("the fake", stack.url)
    servers = Prometheus(site), Alertmanager(site)
    limits = (longest, longest_end)
    drill = StackDrill(plan_of("reference"), Control(site), *servers, f"{stack.url}/pages", *limits, clock=stack.clock)
    return {outcome.alert: outcome for outcome in drill.run(names)}


def test_an_alert_is_awaited_at_its_receiver_and_its_fault_is_mended() -> None:
    with serving(FakeStack({"runs-fail": [fires(FAST, after=77, ends=333)]}, PAGES)) as stack:
        outcome = drilled(stack, [FAST])[FAST]
    assert outcome.problems == ()
    assert (outcome.injected, outcome.receivers) == ("runs-fail", (PAGER,))
    assert outcome.fired_after == pytest.approx(77, abs=11)
    assert outcome.received_after == pytest.approx(77, abs=11)
    assert outcome.resolved_after == pytest.approx(77 + 333, abs=30)
    assert stack.switched == [("runs-fail", True), ("runs-fail", False)]
    assert outcome.links[0].startswith("https://runbooks.example.com/")


def test_a_receiver_may_be_named_by_its_key() -> None:
    with serving(FakeStack({"runs-fail": [fires(FAST, "page")]}, PAGES)) as stack:
        assert drilled(stack, [FAST])[FAST].problems == ()


WRONG = {
    "the wrong receiver": (fires(FAST, "agents-tickets"), {}, f"reaches agents-tickets, not {PAGER}"),
    "no page": (fires(FAST), {"pages": set()}, "its runbook page is not there: "),
    "a panel without data": (fires(FAST), {"empty_queries": "slo:error_budget_remaining"}, "dashboard has no data"),
    "it never fires": (fires(FAST, after=LONG), {}, "does not fire within "),
    "it never ends": (fires(FAST, ends=LONG), {}, "is not resolved within "),
}  # fmt: skip


@pytest.mark.parametrize(("one", "change", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said(one: Fires, change: dict[str, object], said: str) -> None:
    stack = FakeStack({"runs-fail": [one]}, PAGES)
    for name, value in change.items():
        setattr(stack, name, value)
    with serving(stack):
        outcome = drilled(stack, [FAST])[FAST]
    assert any(said in problem for problem in outcome.problems), outcome.problems
    assert stack.switched[-1] == ("runs-fail", False)


def test_a_wrong_label_a_missing_group_and_an_annotation_that_was_not_filled_in_are_said() -> None:
    one = fires(FAST)
    one.labels = {**one.labels, "severity": "info"}
    one.labels.pop("agent")
    one.annotations["summary"] = "{{ $value }}"
    with serving(FakeStack({"runs-fail": [one]}, PAGES)) as stack:
        said = " ".join(drilled(stack, [FAST])[FAST].problems)
    assert "its label severity is 'info', not 'critical'" in said
    assert "it has no label agent" in said
    assert "its annotation summary is not filled in" in said


def test_an_alert_that_another_keeps_quiet_as_the_plan_says_is_well_and_else_it_is_not() -> None:
    quiet = fires(SLOW, after=61, quiet_by=FAST)
    with serving(FakeStack({"runs-fail": [fires(FAST), quiet]}, PAGES)) as stack:
        outcome = drilled(stack, [FAST, SLOW])[SLOW]
    assert (outcome.problems, outcome.quiet, outcome.receivers) == ((), FAST, ())
    assert outcome.resolved_after is not None
    other = fires(SLOW, after=61, quiet_by=GATEWAY)
    with serving(FakeStack({"runs-fail": [fires(GATEWAY), other]}, PAGES)) as stack:
        outcome = drilled(stack, [GATEWAY, SLOW])[SLOW]
    assert "fires and reaches nobody" in outcome.problems[0]


def test_faults_whose_units_do_not_disturb_one_another_are_on_together_and_others_are_not() -> None:
    apart = {"runs-fail": [fires(FAST)], "late": [fires(TOKEN)], "down": [fires(DOWN)]}
    with serving(FakeStack(apart, PAGES)) as stack:
        assert all(not outcome.problems for outcome in drilled(stack, [FAST, TOKEN, DOWN]).values())
    assert stack.most_at_once == 2
    assert [name for name, on in stack.switched if on] == ["runs-fail", "late", "down"]
    same = {"runs-fail": [fires(FAST)], "worse": [fires(SLOW)]}
    with serving(FakeStack(same, PAGES)) as stack:
        drilled(stack, [FAST, SLOW])
    assert stack.most_at_once == 1


def test_what_no_fault_fires_and_what_takes_too_long_is_left_out_with_the_reason() -> None:
    slow, never = fires(FAST, after=LONG), fires(MISSING)
    with serving(FakeStack({"runs-fail": [slow], "silence": [never]}, PAGES)) as stack:
        found = drilled(stack, [FAST, GATEWAY, MISSING], longest=300)
    assert found[GATEWAY].left_out == NO_FAULT
    assert found[FAST].left_out == "may take 27 min, more than --longest: drill it with --local"
    assert "drill it with --local" in found[MISSING].left_out  # its `for` alone is longer: nothing is broken for it
    assert stack.switched == [("runs-fail", True), ("runs-fail", False)]


def test_an_end_that_takes_too_long_is_not_awaited_and_said_so() -> None:
    with serving(FakeStack({"runs-fail": [fires(FAST, ends=LONG)]}, PAGES)) as stack:
        outcome = drilled(stack, [FAST], longest_end=300)[FAST]
    assert (outcome.problems, outcome.resolved_after) == ((), None)
    assert outcome.note == "its end was not awaited: it may take 34 min"


def test_what_another_fault_stands_in_the_way_of_is_tried_again_alone() -> None:
    both = {"gateway-down": [fires(GATEWAY)], "late": [fires(TOKEN, not_with="gateway-down")]}
    with serving(FakeStack(both, PAGES)) as stack:
        found = drilled(stack, [GATEWAY, TOKEN])
    assert all(one.problems == () and one.resolved_after is not None for one in found.values())
    assert [name for name, on in stack.switched if on] == ["gateway-down", "late", "late"]


def test_an_alert_is_awaited_under_the_fault_that_fires_the_fewest() -> None:
    faults = {"all-down": [fires(FAST), fires(GATEWAY)], "runs-fail": [fires(FAST)]}
    with serving(FakeStack(faults, PAGES)) as stack:
        assert drilled(stack, [FAST])[FAST].injected == "runs-fail"


def test_an_interrupt_switches_every_fault_off() -> None:
    class Interrupted(FakeStack):
        def _sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt(seconds)

    both = {"runs-fail": [fires(FAST)], "late": [fires(TOKEN)]}
    with serving(Interrupted(both, PAGES)) as stack, pytest.raises(KeyboardInterrupt):
        drilled(stack, [FAST, TOKEN])
    assert [name for name, on in stack.switched if not on] == ["runs-fail", "late"]


def test_a_panels_query_is_asked_with_every_variable_at_all_and_regex_groups_as_they_are() -> None:
    asked = filled('label_replace(rate(x{a=~"$agent",b=~"${b:regex}"}[$__rate_interval]), "c", "$1", "d", "(.*)")')
    assert asked == 'label_replace(rate(x{a=~".*",b=~".*"}[5m]), "c", "$1", "d", "(.*)")'


def test_the_command_prints_a_table_and_says_what_it_left_out(capsys: Shown) -> None:
    with serving(FakeStack({}, PAGES)) as stack:
        spec = str(ROOT / "watchbill.yaml")
        code, out, err = run(capsys, "drill", spec, "--stack", stack.url)
        assert code == 0
        count = len(list(plan_of("reference").alerts()))
        assert f"0 alerts drilled, {count} left out, 0 failures" in err
        assert out.splitlines()[0].split() == [
            "ALERT",
            "INJECTED",
            "FIRED",
            "RECEIVED",
            "RESOLVED",
            "RECEIVER",
            "LINKS",
            "RESULT",
        ]
        assert NO_FAULT in out
        assert run(capsys, "drill", spec, FAST, "--stack", stack.url)[0] == 1
        code, _, err = run(capsys, "drill", spec, "--stack", f"{stack.url}/pages")
        assert code == 1
        assert "answers HTTP 404" in err
