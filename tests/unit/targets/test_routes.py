"""The Alertmanager files, as the real amtool of every version reads them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.bundle.specs import files_of, plan_of, written
from tests.unit.amtool import complaint, misrouted, rendered
from tests.unit.factories import a_ratio, a_spec, an_slo, planned
from watchbill import conventions
from watchbill.load.host import parse, tree
from watchbill.routetree import receivers
from watchbill.targets.routes import render
from watchbill.targets.routes.checks import expected
from watchbill.targets.routes.config import complete
from watchbill.targets.routes.labelsets import label_sets
from watchbill.targets.routes.receivers import defined
from watchbill.targets.routes.template import text

if TYPE_CHECKING:
    from pathlib import Path

    from lab.toolchain import Tool

FOLDER = conventions.ROUTES_FOLDER
every_spec = pytest.mark.parametrize("spec", ["reference", "shapes"])


@cache
def config(spec: str) -> Any:
    return yaml.safe_load(files_of(spec)[f"{FOLDER}/alertmanager.yml"])


@every_spec
def test_the_complete_file_loads_on_every_version(spec: str, amtool: Tool, tmp_path: Path) -> None:
    assert complaint(amtool, written(spec, tmp_path) / FOLDER / "alertmanager.yml") == ""


@every_spec
def test_every_label_set_of_every_alert_gets_where_the_tests_say(spec: str, amtool: Tool, tmp_path: Path) -> None:
    tests = yaml.safe_load(files_of(spec)[f"{FOLDER}/routing_tests.yml"])
    wanted = [(t["labels"], tuple(t["expect"])) for t in tests if "expect" in t]
    assert {labels["alertname"] for labels, _ in wanted} == {a.name for a in plan_of(spec).alerts()}
    assert misrouted(amtool, written(spec, tmp_path) / FOLDER / "alertmanager.yml", wanted) == []


@every_spec
def test_what_the_plan_does_not_route_falls_to_the_hosts_default(spec: str) -> None:
    root = tree(parse("host", files_of(spec)[f"{FOLDER}/alertmanager.yml"]))
    default = config(spec)["route"]["receiver"]
    for _, labels in label_sets(plan_of(spec)):
        assert receivers(root, labels) == (expected(plan_of(spec), labels) or default,)
        assert receivers(root, {**labels, "severity": "other"}) in {
            (default,),
            (expected(plan_of(spec), {**labels, "severity": "other"}) or default,),
        }
        assert receivers(root, {k: v for k, v in labels.items() if k != conventions.MARKER}) == (default,)


@every_spec
def test_the_fragment_has_one_route_under_the_marker_without_a_receiver(spec: str) -> None:
    fragment = yaml.safe_load(files_of(spec)[f"{FOLDER}/fragment.yml"])
    service = plan_of(spec).service
    [route] = fragment["route"]["routes"]
    assert route["matchers"] == [f'watchbill="{service}"']
    assert "receiver" not in route
    assert not route.get("continue")
    assert all(r["name"].startswith(f"watchbill-{service}-") for r in fragment["receivers"])
    assert all(len(r) > 1 for r in fragment["receivers"])
    for rule in fragment["inhibit_rules"]:
        assert rule["equal"]
        for side in ("source_matchers", "target_matchers"):
            assert f'watchbill="{service}"' in rule[side]


def a_service(**receivers_: Any) -> dict[str, Any]:
    routing = {"receivers": {"page": "pagers", "ticket": "tickets", **receivers_}}
    return a_spec(an_slo(), an_slo(name="resumes", route="client"), routing=routing)


def test_pages_are_quick_tickets_wait_and_an_objective_keeps_its_own_receiver() -> None:
    spec = a_service(client="clients", watchdog="deadman")
    spec["routing"]["mute_tickets"] = {"outside": ["Sa-Mo 07:00-19:30", "We 00:00-24:00"], "zone": "Europe/Berlin"}
    whole = complete(planned(spec))
    [ours] = whole["route"]["routes"]
    watchdog, own, page, ticket = ours["routes"]
    assert ours["group_by"] == ["service", "slo", "severity"]
    assert watchdog["matchers"] == ['alertname="ShopWatchdog"']
    assert (watchdog["receiver"], watchdog["repeat_interval"]) == ("deadman", "1m")
    assert (own["matchers"], own["receiver"]) == (['slo="resumes"'], "clients")
    assert [r["matchers"] for r in own["routes"]] == [['severity="critical"'], ['severity="warning"']]
    assert (page["receiver"], page["group_wait"], page["repeat_interval"]) == ("pagers", "10s", "4h")
    assert (ticket["receiver"], ticket["repeat_interval"]) == ("tickets", "1d")
    hours = ["watchbill-shop-working-hours"]
    assert [r.get("active_time_intervals") for r in (watchdog, page, ticket, *own["routes"])] == [
        None, None, hours, None, hours,
    ]  # fmt: skip
    [interval] = whole["time_intervals"]
    assert interval["name"] == hours[0]
    assert interval["time_intervals"][0] == {
        "weekdays": ["saturday", "sunday:monday"],
        "times": [{"start_time": "07:00", "end_time": "19:30"}],
        "location": "Europe/Berlin",
    }
    assert interval["time_intervals"][1]["times"] == [{"start_time": "00:00", "end_time": "24:00"}]


def test_no_receivers_no_files() -> None:
    assert list(render(planned(a_spec()))) == []


ALERT = {
    "status": "firing",
    "labels": {"alertname": "CallsBudgetBurnFast", "severity": "critical", "agent": 'a "7" + b/ü', "slo": "calls"},
    "annotations": {
        "summary": "Calls end well: 7% spent",
        "description": "At that pace.",
        "budget_left": "37.13%",
        "runbook_url": "https://runbooks.example.com/x/CallsBudgetBurnFast.html",
        "dashboard_url": "https://grafana.example.com/d/wb-x?from=now-6h&to=now",
        "trace_url": "https://grafana.example.com/explore?panes=%7B%7D",
    },
    "generatorURL": "https://prometheus.example.com/graph?g0.expr=x",
}


def notification(*alerts: Any, status: str = "firing") -> dict[str, Any]:
    common = {k: v for k, v in alerts[0]["labels"].items() if all(a["labels"].get(k) == v for a in alerts)}
    return {
        "status": status,
        "alerts": list(alerts),
        "commonLabels": common,
        "groupLabels": {},
        "commonAnnotations": {},
        "externalURL": "https://am.example.com",
        "receiver": "x",
    }


SILENCE = (
    "https://alertmanager.example.com/#/silences/new?filter=%7Balertname%3D%22CallsBudgetBurnFast%22%2C%20"
    "agent%3D%22a%20%5C%227%5C%22%20%2B%20b%2F%C3%BC%22%2C%20severity%3D%22critical%22%2C%20slo%3D%22calls%22%7D"
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (
            "text",
            ("Runbook: {runbook_url}", "Dashboard: {dashboard_url}", "Traces: {trace_url}", f"Silence: {SILENCE}"),
        ),
        ("chat", ("<{runbook_url}|Runbook>", "<{dashboard_url}|Dashboard>", "<{trace_url}|Traces>", f"<{SILENCE}|Sil")),
        ("markdown", ("[Runbook]({runbook_url})", "[Dashboard]({dashboard_url})", f"[Silence]({SILENCE})")),
    ],
)
def test_every_text_delivers_all_links_and_the_budget(
    name: str, shown: tuple[str, ...], amtool: Tool, tmp_path: Path
) -> None:
    template = written("reference", tmp_path) / FOLDER / "watchbill.tmpl"
    out = rendered(amtool, template, f"watchbill.support-agents.{name}", notification(ALERT), tmp_path)
    for part in (*shown, "Calls end well: 7% spent", "Error budget left: 37.13%", "At that pace."):
        assert part.format(**ALERT["annotations"]) in out  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "alerts", "status", "expected_text"),
    [
        ("title", (ALERT,), "firing", "[CRITICAL] Calls end well: 7% spent"),
        ("title", (ALERT, ALERT), "firing", "[CRITICAL x2] Calls end well: 7% spent"),
        ("title", ({**ALERT, "status": "resolved"},), "resolved", "[RESOLVED] Calls end well: 7% spent"),
        ("colour", (ALERT,), "firing", "danger"),
        ("colour", (ALERT,), "resolved", "good"),
        ("budget_left", (ALERT,), "firing", "37.13%"),
        ("budget_left", ({**ALERT, "annotations": {}},), "firing", "unknown"),
        ("runbook", (ALERT,), "firing", ALERT["annotations"]["runbook_url"]),  # type: ignore[index]
        ("link", ({**ALERT, "annotations": {}},), "firing", ALERT["generatorURL"]),
        ("silence", (ALERT,), "firing", SILENCE),
    ],
)
def test_the_short_texts(
    name: str, alerts: tuple[Any, ...], status: str, expected_text: str, amtool: Tool, tmp_path: Path
) -> None:
    template = written("reference", tmp_path) / FOLDER / "watchbill.tmpl"
    called = f"watchbill.support-agents.{name}"
    assert rendered(amtool, template, called, notification(*alerts, status=status), tmp_path).strip() == expected_text


def test_what_is_not_annotated_is_not_shown_and_many_alerts_are_cut(amtool: Tool, tmp_path: Path) -> None:
    template = written("reference", tmp_path) / FOLDER / "watchbill.tmpl"
    bare = {**ALERT, "annotations": {"summary": "It broke"}, "generatorURL": ""}
    out = rendered(amtool, template, "watchbill.support-agents.text", notification(*[bare] * 11), tmp_path)
    assert "Runbook" not in out
    assert "budget" not in out
    assert out.count("It broke") == 8
    assert "and more: 11 alerts in all" in out


def test_what_slack_takes_for_markup_is_spelt_out_there_and_only_there(amtool: Tool, tmp_path: Path) -> None:
    template = written("reference", tmp_path) / FOLDER / "watchbill.tmpl"
    odd = {**ALERT, "annotations": {"summary": "a < b & c", "description": "<!channel>"}}
    shown = {
        name: rendered(amtool, template, f"watchbill.support-agents.{name}", notification(odd), tmp_path)
        for name in ("chat", "text")
    }
    assert "*a &lt; b &amp; c*" in shown["chat"]
    assert "&lt;!channel&gt;" in shown["chat"]
    assert "a < b & c\n<!channel>" in shown["text"]


def test_an_alertmanager_that_nobody_named_is_asked_for_its_own_address(amtool: Tool, tmp_path: Path) -> None:
    path = tmp_path / "x.tmpl"
    path.write_text(text(planned(a_service(client="c"))), encoding="utf-8")
    out = rendered(amtool, path, "watchbill.shop.silence", notification(ALERT), tmp_path)
    assert out.startswith("https://am.example.com/#/silences/new?filter=%7B")


def test_definitions_use_our_texts_but_for_what_the_spec_gives() -> None:
    page = {"slack": {"channel": "#a", "api_url_file": "/x", "title": "mine"}, "pagerduty": {"routing_key_file": "/y"}}
    [one] = defined(planned(a_service(client="c", page=page)))
    [slack], [pagerduty] = one["slack_configs"], one["pagerduty_configs"]
    assert (slack["title"], slack["text"]) == ("mine", '{{ template "watchbill.shop.chat" . }}')
    assert pagerduty["details"]["runbook"] == '{{ template "watchbill.shop.runbook" . }}'
    assert slack["send_resolved"] is pagerduty["send_resolved"] is True


def test_jobs_of_counters_that_are_pushed_are_not_watched() -> None:
    pushed = an_slo(name="pushed", sli=a_ratio(total='p_total{job="push"}', bad='p_total{job="push",code="5"}',
                                               new_series="ignore"))  # fmt: skip
    names = {a.name: a.expr for a in planned(a_spec(an_slo(), pushed)).alerts()}
    assert 'up{job="api"}' in names["ShopTargetsDown"]
    assert "push" not in names["ShopTargetsDown"]
    without = planned(a_spec(routing={"without_up": ["api"]}))
    assert not [a for a in without.alerts() if "TargetsDown" in a.name]


def test_without_objectives_there_is_nothing_to_route() -> None:
    spec = a_spec(routing={"receivers": {"page": "phone"}}) | {"slos": []}
    assert list(render(planned(spec))) == []
