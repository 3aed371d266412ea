"""Targets that are down, and the dead man's switch: their tests pass on every promtool, odd names included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.bundle.specs import complaints
from tests.unit.factories import a_ratio, a_spec, an_slo, planned
from watchbill.model import Plan
from watchbill.targets import rule_tests, rules

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

WEBHOOK = {"webhook": {"url": "https://hooks.example.com/shop"}}
ODD = ("plain", 'say "7"', "a$1b", "back\\slash", "new\nline", "ü😀", "k8s/pods/0")


def fed_by(*jobs: str, **changed: Any) -> Plan:
    slos = []
    for i, job in enumerate(jobs):
        shown = job.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        sli = a_ratio(total=f'calls_total{{job="{shown}"}}', bad=f'calls_total{{job="{shown}",code="500"}}')
        slos.append(an_slo(name=f"calls-{i}", sli=sli))
    return planned(a_spec(*slos, **changed))


def own(plan: Plan) -> Plan:
    return Plan(plan.service, "", units=tuple(u for u in plan.units if u.name == "watchbill-watch"))


def test_every_job_is_watched_by_its_own_name(promtool: Tool, tmp_path: Path) -> None:
    routing = {"receivers": {"page": WEBHOOK, "ticket": WEBHOOK, "watchdog": WEBHOOK}}
    plan = own(fed_by(*ODD, routing=routing, labels={"job": "shadow", "env": 'pr"od'}))
    for target in (rules, rule_tests):
        for path, text in target.render(plan):
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    assert {a.name for a in plan.alerts()} == {"ShopTargetsDown", "ShopWatchdog"}
    backfills = "required argument"  # there are none to check
    assert [c for c in complaints(promtool, tmp_path) if backfills not in c] == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, set()),
        ({"routing": {"receivers": {"page": WEBHOOK, "watchdog": WEBHOOK}}}, {"ShopWatchdog"}),
    ],
    ids=["nobody listens", "a watchdog listens"],
)
def test_without_jobs_there_is_only_what_somebody_listens_to(changed: dict[str, Any], expected: set[str]) -> None:
    slo = an_slo(sli=a_ratio(total="calls_total", bad='calls_total{code="500"}'))
    assert {a.name for a in own(planned(a_spec(slo, **changed))).alerts()} == expected
