"""Limits: the file that harnesses are told from, and the one route that leads to it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from lab.toolchain import ROOT
from tests.limits import LIMITS, labels, limited
from tests.unit.amtool import complaint, misrouted
from tests.unit.factories import a_spec, found, planned
from watchbill.kinds.recovery import Recovery
from watchbill.load.host import parse, tree
from watchbill.model import Inhibition, LabelMatcher, Unit
from watchbill.routetree import quieted_by, receivers
from watchbill.targets import limits, routes
from watchbill.targets.routes.checks import listed, quiet_rules

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool
    from watchbill.model import Plan

HOOK = {"webhook": {"url": "http://127.0.0.1:9640/alerts", "send_resolved": False}}
PEOPLE = {"webhook": {"url": "https://people.example.com/x"}}
EVERYBODY = {"page": PEOPLE, "ticket": PEOPLE, "info": PEOPLE, "limits": HOOK}


def body(plan: Plan) -> Any:
    [(path, text)] = limits.render(plan)
    assert path == "alerts/limits.yaml"
    return yaml.safe_load(text)


def config(plan: Plan) -> Any:
    return yaml.safe_load(dict(routes.render(plan))["alerts/alertmanager/alertmanager.yml"])


def test_the_file_says_what_every_limit_does_and_for_whom() -> None:
    whole = body(limited())
    assert (whole["schema"], whole["service"], whole["lease"]) == (1, "shop", "10m")
    assert whole["limits"][0] == {
        "id": "spend-pace",
        "alert": "ModelSpendPace",
        "of": {"budget": "model-spend"},
        "when": "pace > 150%",
        "by": ["agent"],
        "actions": {"tool_calls_per_run": 25, "min_pause_seconds": 0.5},
    }
    assert [one["id"] for one in whole["limits"]] == [one.id for one in LIMITS]


def test_of_each_action_the_strictest_value_is_to_hold() -> None:
    assert body(limited())["merge"] == {
        "tool_calls_per_run": "smallest",
        "min_pause_seconds": "largest",
        "route_model": "last",
        "pause_schedules": "any",
    }


def test_an_action_with_values_of_several_sorts_is_what_the_last_limit_says() -> None:
    mixed = tuple(replace(one, actions=(("x", value),)) for one, value in zip(LIMITS, (True, 3, 1, 2), strict=True))
    assert limits.merge(mixed) == {"x": "last"}


def test_the_file_keeps_to_its_schema_and_the_documented_schema_is_that_one() -> None:
    documented = json.loads((ROOT / "docs/reference/limits.schema.json").read_text("utf-8"))
    assert documented == limits.schema()
    jsonschema.Draft202012Validator.check_schema(documented)
    whole = body(limited())
    jsonschema.validate(whole, documented)
    for wrong in ({**whole, "more": 1}, {**whole, "schema": 2}, {**whole, "limits": []}, {**whole, "lease": "soon"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, documented)


@pytest.mark.parametrize("value", [1e-7, 1e20, -0.25, "on", "1e3", "é\n2", 'a "b"', True, 0])
def test_a_value_reads_back_as_it_was(value: Any) -> None:
    one = replace(LIMITS[0], actions=(("x", value),))
    plan = limited()
    plan = replace(plan, units=(*plan.units[:-1], replace(plan.units[-1], limits=(one,))))
    read = body(plan)["limits"][0]["actions"]["x"]
    assert (read, type(read) is str) == (value, type(value) is str)


def test_without_limits_there_is_neither_file_nor_route() -> None:
    plan = planned(a_spec(routing={"receivers": EVERYBODY}))
    assert list(limits.render(plan)) == []
    assert "harness_limit" not in dict(routes.render(plan))["alerts/alertmanager/alertmanager.yml"]


def test_limits_go_to_their_receiver_alone_before_all_others_and_their_end_is_told() -> None:
    whole = config(limited(**EVERYBODY))
    route = whole["route"]["routes"][0]["routes"][0]
    assert route == {
        "matchers": ['harness_limit=~".+"'],
        "receiver": "watchbill-shop-limits",
        "group_by": ["service", "harness_limit", "agent", "tenant"],
        "group_wait": "5s",
        "group_interval": "30s",
        "repeat_interval": "2m",
    }
    [receiver] = [r for r in whole["receivers"] if r["name"] == "watchbill-shop-limits"]
    assert receiver["webhook_configs"] == [{"send_resolved": True, "url": "http://127.0.0.1:9640/alerts"}]
    root = tree(parse("host", yaml.safe_dump(whole)))
    for one in LIMITS:
        own = labels(one.id, agent="a", tenant="t")
        assert receivers(root, own) == ("watchbill-shop-limits",)
        assert receivers(root, {**own, "severity": "critical"}) == ("watchbill-shop-limits",)
        assert receivers(root, {k: v for k, v in own.items() if k != "harness_limit"}) == ("watchbill-shop-info",)


def test_every_amtool_loads_it_and_routes_as_the_routing_tests_say(amtool: Tool, tmp_path: Path) -> None:
    plan = limited(**EVERYBODY)
    for path, text in routes.render(plan):
        (tmp_path / path.rsplit("/", 1)[1]).write_text(text, "utf-8")
    file = tmp_path / "alertmanager.yml"
    assert complaint(amtool, file) == ""
    wanted = [(one["labels"], tuple(one["expect"])) for one in listed(plan) if "expect" in one]
    told = [to for own, to in wanted if own.get("harness_limit")]
    assert told == [("watchbill-shop-limits",)] * len(LIMITS)
    assert misrouted(amtool, file, wanted) == []


def test_a_reference_gets_them_too() -> None:
    whole = config(limited(**{**EVERYBODY, "limits": "the-hosts-hook"}))
    assert whole["route"]["routes"][0]["routes"][0]["receiver"] == "the-hosts-hook"


def test_no_inhibition_keeps_a_limit_from_the_harness() -> None:
    mark = LabelMatcher("watchbill", "=", "shop")
    down = LabelMatcher("alertname", "=", "ShopTargetsDown")
    rule = Inhibition((mark, down), (mark, LabelMatcher("budget", "=", "model-spend")), ("service",))
    plan = limited(**EVERYBODY)
    plan = replace(plan, units=(*plan.units, Unit("down", (), tuple, hush=lambda: (rule,))))
    source = {"alertname": "ShopTargetsDown", "watchbill": "shop", "service": "shop"}
    limit = labels("spend-pace", agent="a")
    told = {k: v for k, v in limit.items() if k != "harness_limit"}
    assert not quieted_by(quiet_rules(plan), source, limit)
    assert quieted_by(quiet_rules(plan), source, told)
    assert all('harness_limit=""' in r["target_matchers"] for r in config(plan)["inhibit_rules"])


@pytest.fixture
def with_limits(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A spec whose item has limits, before the kind that brings them is there."""
    lowered = Recovery.unit
    monkeypatch.setattr(Recovery, "unit", lambda self, where: replace(lowered(self, where), limits=LIMITS))
    return {"name": "ledger", "source": "x", "job": "x", "repositories": ["x"], "rpo": "3h"}


def codes(spec: dict[str, Any]) -> dict[str, str]:
    return {d.code: d.text() for d in found(spec)}


def test_lint_finds_limits_that_nobody_acts_on(with_limits: dict[str, Any]) -> None:
    rest = {k: v for k, v in EVERYBODY.items() if k != "limits"}
    assert "no receiver 'limits'" in codes(a_spec(recovery=[with_limits], routing={"receivers": rest}))["WB380"]
    whole = codes(a_spec(recovery=[with_limits], routing={"receivers": EVERYBODY}))
    assert not {"WB380", "WB381", "WB382", "WB278"} & set(whole)


def test_lint_finds_a_receiver_of_limits_that_are_not_there() -> None:
    assert "nothing in the spec has limits" in codes(a_spec(routing={"receivers": EVERYBODY}))["WB381"]


def test_lint_finds_limits_that_people_would_hear_of(with_limits: dict[str, Any]) -> None:
    slack = {"slack": {"channel": "#x", "api_url_file": "/etc/am/x"}, **HOOK}
    spec = a_spec(recovery=[with_limits], routing={"receivers": {**EVERYBODY, "limits": slack}})
    assert "'slack' reaches people" in codes(spec)["WB382"]
