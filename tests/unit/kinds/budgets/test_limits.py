"""What a harness is told: one alert a limit, and the same id on both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.factories import a_spec, planned
from watchbill.model import Limit, Plan


def plan(**changed: Any) -> Plan:
    own = {
        "name": "bill",
        "counter": 'cost_usd_total{job="api"}',
        "allowance": "7000 usd",
        "per": "month",
        "by": {"agent": ["a", "b"]},
        "limits": [
            {"when": "pace > 150%", "tool_calls_per_run": 25, "route_model": "small"},
            {"when": "burn fast", "pause_schedules": True},
        ],
        **changed,
    }
    return planned(a_spec(budgets=[own]))


def test_limits_say_what_a_harness_does_and_by_which_alert_it_knows() -> None:
    assert plan().limits == (
        Limit(
            "bill/pace-150", "BillLimitPace150", "budget", "bill", "pace > 150%", (),
            (("tool_calls_per_run", 25), ("route_model", "small")),
        ),
        Limit("bill/burn-fast", "BillLimitBurnFast", "budget", "bill", "burn fast", (), (("pause_schedules", True),)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("allowance", "labels"),
    [("7000 usd", ()), ("7 usd each", ("agent",)), ({"a": "7 usd", "b": "8 usd"}, ("agent",))],
)
def test_a_limit_holds_for_whoever_has_the_allowance(allowance: Any, labels: tuple[str, ...]) -> None:
    assert {limit.group_labels for limit in plan(allowance=allowance).limits} == {labels}


def test_a_limits_alert_carries_its_id_and_wakes_nobody() -> None:
    found = plan()
    alerts = {a.name: dict(a.labels) for a in found.alerts()}
    for limit in found.limits:
        assert alerts[limit.alert]["harness_limit"] == limit.id
        assert alerts[limit.alert]["severity"] == "info"
        assert alerts[limit.alert]["budget"] == "bill"
    others = [labels for name, labels in alerts.items() if "Limit" not in name]
    assert not any("harness_limit" in labels for labels in others)


def test_no_inhibition_keeps_a_limit_quiet() -> None:
    found = plan()
    names = {limit.alert for limit in found.limits}
    targets = {
        name for i in found.inhibitions for m in i.target if m.label == "alertname" for name in m.value.split("|")
    }
    assert targets
    assert not targets & names


def test_what_is_worse_keeps_what_is_less_quiet() -> None:
    pairs = {i.about for i in plan().inhibitions if any(m.label == "budget" and m.value == "bill" for m in i.source)}
    assert pairs == {
        "BillBurnFast over BillBurnSustained and BillBurnSlow",
        "BillBurnSustained over BillBurnSlow",
        "BillExhausted over BillForecastExceeds",
        "BillExhaustionSoon over BillForecastExceeds",
    }
