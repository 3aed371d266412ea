"""Who keeps whom quiet: proven over every pair of label sets of whole specs, and case by case."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.bundle.specs import plan_of, written
from tests.unit.factories import a_ratio, a_spec, an_slo, planned
from watchbill import conventions
from watchbill.routetree import quieted_by
from watchbill.targets.routes.checks import listed, quiet_rules
from watchbill.targets.routes.labelsets import label_sets

if TYPE_CHECKING:
    from watchbill.model import Plan

every_spec = pytest.mark.parametrize("spec", ["reference", "shapes", "http"])


def sets(plan: Plan, example: str = "1") -> dict[str, dict[str, str]]:
    return {f"{a.name} {labels.get('job', '')}".strip(): labels for a, labels in label_sets(plan, example)}


@every_spec
def test_no_two_alerts_keep_each_other_quiet_and_none_is_kept_quiet_by_itself(spec: str) -> None:
    plan = plan_of(spec)
    rules, found = quiet_rules(plan), list(sets(plan).values())
    assert not [one for one in found if quieted_by(rules, one, one)]
    for one, other in combinations(found, 2):
        assert not (quieted_by(rules, one, other) and quieted_by(rules, other, one)), (one, other)


@every_spec
def test_a_ticket_never_keeps_a_page_quiet_nor_any_group_another(spec: str) -> None:
    plan = plan_of(spec)
    rules, found, others = quiet_rules(plan), sets(plan), sets(plan, "2")
    page = dict(plan.routing.severities)["page"]
    for source in found.values():
        for name, target in found.items():
            if quieted_by(rules, source, target):
                assert source["severity"] == page or target["severity"] != page
            different = {k for k in others[name] if others[name][k] != target[k] and source.get(k) == target[k]}
            if different:
                assert not quieted_by(rules, source, others[name]), (source, others[name])


@every_spec
def test_nobody_elses_alert_is_kept_quiet_and_the_watchdog_by_nothing(spec: str) -> None:
    plan = plan_of(spec)
    rules, found = quiet_rules(plan), sets(plan)
    for source in found.values():
        for name, target in found.items():
            bare = {k: v for k, v in target.items() if k != conventions.MARKER}
            assert not quieted_by(rules, source, bare)
            assert not quieted_by(rules, source, {**target, conventions.MARKER: "other"})
            if name.endswith("Watchdog"):
                assert not quieted_by(rules, source, target)


def quiet(plan: Plan, source: str, target: str, source_group: str = "1") -> bool:
    return quieted_by(quiet_rules(plan), sets(plan, source_group)[source], sets(plan)[target])


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("CallsBudgetBurnFast", "CallsBudgetBurnSustained", True),
        ("CallsBudgetBurnSustained", "CallsBudgetBurnFast", False),
        ("CallsBudgetBurnFast", "CallsBudgetBurnSlow", True),
        ("CallsBudgetBurnSlow", "CallsBudgetBurnChronic", True),
        ("CallsBudgetBurnFast", "CallsTrafficCollapse", True),
        ("CallsSignalMissing", "CallsBudgetBurnFast", True),
        ("CallsBudgetBurnFast", "CallsSignalMissing", False),
        ("ShopTargetsDown api", "CallsSignalMissing", True),
        ("ShopTargetsDown api", "CallsBudgetBurnChronic", True),
        ("ShopTargetsDown api", "ShopRuleEvaluationMissed", False),
        ("CallsBudgetBurnFast", "ShopRuleEvaluationMissed", False),
    ],
)
def test_a_cause_keeps_its_effects_quiet(source: str, target: str, expected: bool) -> None:
    assert quiet(planned(a_spec(an_slo(sli=a_ratio(by=["zone"])))), source, target) is expected


def test_a_missing_signal_that_names_its_group_keeps_only_that_one_quiet() -> None:
    by_group = planned(a_spec(an_slo(sli=a_ratio(by={"zone": ["a", "b"]}))))
    assert quiet(by_group, "CallsSignalMissing", "CallsBudgetBurnFast")
    assert not quiet(by_group, "CallsSignalMissing", "CallsBudgetBurnFast", source_group="2")
    whole = planned(a_spec(an_slo(sli=a_ratio(by=["zone"]))))
    assert quiet(whole, "CallsSignalMissing", "CallsBudgetBurnFast", source_group="2")


def tiers(*named: tuple[str, str, str]) -> dict[str, Any]:
    return {"tiers": [{"name": n, "severity": s, "budget": "5%", "within": w} for n, s, w in named]}


def test_ladders_of_opposite_orders_do_not_make_two_alerts_keep_each_other_quiet() -> None:
    one = an_slo(name="one", alerting=tiers(("a", "page", "1h"), ("b", "page", "6h")))
    two = an_slo(name="two", alerting=tiers(("a", "page", "6h"), ("b", "page", "1h")))
    plan = planned(a_spec(one, two))
    assert quiet(plan, "OneBudgetBurnA", "OneBudgetBurnB")
    assert not quiet(plan, "OneBudgetBurnB", "OneBudgetBurnA")
    assert quiet(plan, "TwoBudgetBurnB", "TwoBudgetBurnA")
    assert not quiet(plan, "TwoBudgetBurnA", "TwoBudgetBurnB")


def test_a_tier_called_signal_missing_is_a_tier() -> None:
    slo = an_slo(alerting=tiers(("signal-missing", "page", "6h"), ("quick", "page", "1h")))
    plan = planned(a_spec(slo))
    assert not quiet(plan, "CallsBudgetBurnSignalMissing", "CallsBudgetBurnQuick")


def test_a_missing_signal_that_is_a_ticket_keeps_no_page_quiet() -> None:
    plan = planned(a_spec(an_slo(on_no_data="ticket")))
    assert not quiet(plan, "CallsSignalMissing", "CallsBudgetBurnFast")
    assert quiet(plan, "CallsSignalMissing", "CallsBudgetBurnSlow")


def test_targets_that_are_down_explain_only_what_they_alone_feed() -> None:
    up = an_slo(name="up", sli={"kind": "availability", "gauge": 'up{job="api"}'})
    mixed = an_slo(name="mixed", sli=a_ratio(total='x_total{job="gate"}', bad='calls_total{job="api",code="5"}'))
    either = an_slo(name="either", sli=a_ratio(total="x_total", bad='x_total{code="5"}'))
    whole = an_slo(name="whole", sli={"kind": "composite", "of": [{"slo": "calls"}]})
    broad = an_slo(name="broad", sli={"kind": "composite", "of": [{"slo": "calls"}, {"slo": "mixed"}]})
    plan = planned(a_spec(an_slo(), up, mixed, either, whole, broad))
    explained = {n: quiet(plan, "ShopTargetsDown api", f"{n}BudgetBurnFast") for n in ("Calls", "Up", "Mixed", "Either",
                                                                                      "Whole", "Broad")}  # fmt: skip
    assert explained == {
        "Calls": True, "Up": False, "Mixed": False, "Either": False, "Whole": True, "Broad": False,
    }  # fmt: skip


def test_targets_down_is_a_ticket_where_nothing_it_feeds_pages() -> None:
    slo = an_slo(on_no_data="ticket", alerting=tiers(("slow", "ticket", "6h")))
    plan = planned(a_spec(slo))
    severities = {a.name: dict(a.labels)["severity"] for a in plan.alerts()}
    assert severities["ShopTargetsDownTicket"] == "warning"
    assert "ShopTargetsDown" not in severities
    assert quiet(plan, "ShopTargetsDownTicket api", "CallsBudgetBurnSlow")


@every_spec
def test_the_routing_tests_hold_every_pair_there_is(spec: str) -> None:
    plan = plan_of(spec)
    rules, found = quiet_rules(plan), list(sets(plan).values())
    pairs = {(name(s), name(t)) for s in found for t in found if quieted_by(rules, s, t)}
    told = [t for t in listed(plan) if t.get("inhibited")] if plan.routing.receivers else []
    assert not told or {(name(t["firing"][0]), name(t["labels"])) for t in told} == pairs
    assert pairs


def name(labels: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{k}={v}" for k, v in sorted(labels.items()))


AMLINT_EXCUSES = {
    "circular-inhibition": "it compares equality matchers only; the first test here tries every pair of label sets",
    "inhibit-same-match": "the marker stands on both sides on purpose; the other matchers tell the sides apart",
    "empty-receiver": "references are the host's: the complete file says so at its top, and check warns (WB277)",
}


@every_spec
def test_amlint_agrees_with_every_routing_test_and_finds_nothing_else(spec: str, tmp_path: Path) -> None:
    folder = written(spec, tmp_path) / conventions.ROUTES_FOLDER
    if not folder.exists():
        assert not plan_of(spec).routing.receivers
        return
    amlint = str(Path(sys.executable).with_name("amlint"))
    config = str(folder / "alertmanager.yml")
    tests = [amlint, "test", config, str(folder / "routing_tests.yml")]
    done = subprocess.run(tests, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    ignored = [f"--ignore={name}" for name in AMLINT_EXCUSES]
    check = [amlint, "check", config, "--strict", "--rules", str(tmp_path / "alerts/rules/*.yml")]
    done = subprocess.run([*check, *ignored], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
