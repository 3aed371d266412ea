"""What a dashboard is made of: data source, variables, links, notes, units, and nothing that text can break."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
import yaml

from tests.grafana.gate import violations
from tests.unit.factories import a_ratio, a_spec, an_slo, planned
from tests.unit.targets.dashboards.boards import drawn, shown
from watchbill.conventions import GENERATED_MARK, dashboard_uid
from watchbill.lint.dashboards import lint
from watchbill.load import load_texts
from watchbill.targets import dashboards

LINKED: dict[str, Any] = {
    "links": {
        "grafana": "https://grafana.test",
        "runbooks": "https://runbooks.test/shop",
        "traces": {"kind": "jaeger", "url": "https://jaeger.test"},
    }
}
HOSTILE = [
    '"quoted"',
    "two\nlines",
    "\U0001f525 fire",
    "$agent ${datasource}",
    "{{ .Labels }}",
    "[[slo]]",
    "a|b*c_d",
    "é",
]


def latency() -> dict[str, Any]:
    return {"kind": "latency", "histogram": 'agent_run_duration_seconds{job="api"}', "within": "2.56s", "by": ["agent"]}


def test_each_board_is_a_file_that_says_it_is_generated_and_a_provider_names_their_folder() -> None:
    files = dict(dashboards.render(planned(a_spec(an_slo(section="web")))))
    assert set(files) == {
        "dashboards/overview.json", "dashboards/section-web.json", "dashboards/slo-calls.json",
        "dashboards/health.json", "dashboards/provisioning/shop.yaml",
    }  # fmt: skip
    assert all(GENERATED_MARK in text[:400] for text in files.values())
    provider = yaml.safe_load(files["dashboards/provisioning/shop.yaml"])["providers"][0]
    assert provider["options"] == {"path": "/var/lib/grafana/dashboards/shop"}


def test_without_objectives_there_are_no_dashboards() -> None:
    assert dict(dashboards.render(planned({**a_spec(), "slos": []}))) == {}


def test_a_board_can_be_pointed_at_another_prometheus_and_filtered_by_group() -> None:
    board = drawn(a_spec(an_slo(sli=a_ratio(by=["agent", "datasource"]))))["slo-calls"]
    source, agent, other = board["templating"]["list"]
    assert (source["name"], source["type"]) == ("datasource", "datasource")
    assert (agent["name"], agent["allValue"], agent["includeAll"], agent["refresh"]) == ("agent", ".*", True, 2)
    assert other["name"] == "datasource_label"
    exprs = [t["expr"] for p in board["panels"] for t in p.get("targets", ()) if "vector(" not in t["expr"]]
    assert sum('agent=~"$agent' in e and 'datasource=~"$datasource_label' in e for e in exprs) > 10
    assert all(p["datasource"]["uid"] == "${datasource}" for p in board["panels"] if p.get("targets"))


def test_links_lead_to_the_runbook_the_traces_and_the_same_query_in_explore() -> None:
    panels = shown(drawn(a_spec(an_slo(sli=latency()), **LINKED))["slo-calls"])
    runbook, traces, explore = panels["Quantiles and the threshold"]["fieldConfig"]["defaults"]["links"]
    assert runbook["url"] == "https://runbooks.test/shop/CallsBudgetBurnFast.html"
    assert traces["url"] == "https://jaeger.test/search?service=shop&start=${__from}000&end=${__to}000"
    assert explore["url"].startswith("/explore?schemaVersion=1&panes=")
    asked = unquote(explore["url"])
    assert '"datasource":"${datasource}"' in asked
    assert "${agent:pipe}" in explore["url"]
    assert "$__rate_interval" in asked
    assert "$__rate_interval" not in explore["url"]


def test_what_is_not_said_is_not_linked() -> None:
    panels = shown(drawn(a_spec(an_slo(sli=latency())))["slo-calls"])
    links = panels["Quantiles and the threshold"]["fieldConfig"]["defaults"]["links"]
    assert [link["title"] for link in links] == ["Explore"]
    assert "Runbook pages" not in panels["Objective and policy"]["options"]["content"]


def test_latency_panels_ask_for_exemplars() -> None:
    panels = shown(drawn(a_spec(an_slo(sli=latency())))["slo-calls"])
    asks = {t: any(q["exemplar"] for q in p["targets"]) for t, p in panels.items() if p.get("targets")}
    assert {title for title, does in asks.items() if does} == {"Quantiles and the threshold", "How long events took"}


def test_deployments_are_annotated_where_the_spec_names_them() -> None:
    spec = a_spec(dashboards={"deploys": 'release_info{job="api"}'})
    firing, deploys = drawn(spec)["slo-calls"]["annotations"]["list"]
    assert firing["expr"].startswith(
        'max by (alertname, slo, budget, capacity, recovery, severity) (ALERTS{watchbill="shop",alertstate="firing",'
    )
    assert 'release_info{job="api"} offset 5m' in deploys["expr"]
    assert [a["name"] for a in drawn()["health"]["annotations"]["list"]] == ["Firing alerts"]


def test_thresholds_come_from_the_spec() -> None:
    tiers = [{"name": "quick", "severity": "page", "budget": "7%", "within": "3h"}]
    panels = shown(drawn(a_spec(an_slo(objective=97.3, alerting={"tiers": tiers})))["slo-calls"])

    def steps(title: str) -> list[float | None]:
        return [s["value"] for s in panels[title]["fieldConfig"]["defaults"]["thresholds"]["steps"]]

    assert steps("Good events and the objective") == [None, 0.973]
    assert steps("Error budget left") == [None, 0, 0.07]
    assert steps("Burn rate of each alert's window") == [None, pytest.approx(0.07 * 30 * 24 / 3)]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_dashboard_or_is_taken_for_a_variable(text: str) -> None:
    slo = an_slo(title=text, sli=a_ratio(bad=f'calls_total{{job="api",code={quoted(text)}}}'), section="web")
    spec = a_spec(slo, owner=text, labels={"env": text})
    boards = drawn(spec)
    for board in boards.values():
        assert violations(board) == []
    words = shown(boards["slo-calls"])["Objective and policy"]["options"]["content"]
    for shown_text in (boards["slo-calls"]["title"], words):
        assert not any(name in shown_text for name in ("$agent", "${datasource}", "[[slo]]"))
    assert '"$agent' not in shown(boards["slo-calls"])["Errors by code"]["targets"][0]["expr"]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def test_three_hundred_objectives_share_one_overview() -> None:
    few, many = (drawn(a_spec(*(an_slo(name=f"calls-{i}", section="web") for i in range(n)))) for n in (1, 300))
    assert len(many["overview"]["panels"]) == len(few["overview"]["panels"])
    assert many["overview"] == few["overview"]
    assert len(many) == 303
    uids = {board["uid"] for board in many.values()}
    assert len(uids) == 303


def test_a_long_name_keeps_a_uid_that_grafana_takes() -> None:
    uid = dashboard_uid("a-service-with-a-long-name", "slo-and-an-objective-with-one-too")
    assert len(uid) == 40
    assert uid != dashboard_uid("a-service-with-a-long-name", "slo-and-an-objective-with-one-top")


@pytest.mark.parametrize("grafana", ["10.0", "12.0", "13.1"])
def test_every_kind_of_sli_passes_the_schema_and_our_own_lint(grafana: str) -> None:
    text = yaml.safe_dump(
        a_spec(
            an_slo(name="ratio", sli=a_ratio(by=["agent"], good='calls_total{job="api",code="200"}', bad=None)),
            an_slo(name="latency", sli=latency(), causes=["agent", "model"], section="web"),
            an_slo(name="native", sli={"kind": "native-latency", "histogram": "h_seconds{job='x'}", "within": "2s"}),
            an_slo(name="up", sli={"kind": "availability", "gauge": 'up{job="api"}', "by": ["zone"]}),
            an_slo(name="fresh", sli={"kind": "freshness", "timestamp": 't{job="b"}', "no_older_than": "3h"}),
            an_slo(name="gauge", sli={"kind": "windows", "gauge": 'depth{job="q"}', "good": "< 7"}, weighting="time"),
            an_slo(
                name="asked", sli={"kind": "windows", "query": "max(rate(y_total{job='q'}[{window}]))", "good": ">= 3"}
            ),
            an_slo(
                name="whole", sli={"kind": "composite", "of": [{"slo": "ratio"}, {"slo": "latency"}], "by": ["agent"]}
            ),
            targets={"prometheus": "3.0", "grafana": grafana},
            **LINKED,
        )
    )
    loaded = load_texts([("spec.yaml", text)])
    plan = planned(text)
    boards = drawn(plan)
    assert {name: violations(board) for name, board in boards.items()} == {name: [] for name in boards}
    files = {path: body for path, body in dashboards.render(plan) if path.endswith(".json")}
    assert [d.line_form() for d in lint(files, loaded.document, plan)] == []
