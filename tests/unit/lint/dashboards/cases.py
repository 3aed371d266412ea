"""For each code of the dashboards' lint: a change to a faultless dashboard that it finds, and one that it does not."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Change = Callable[[Json], Any]
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
LOKI = {"type": "loki", "uid": "${datasource}"}


def a_panel(**changed: Any) -> Json:
    return {
        "id": 7,
        "type": "timeseries",
        "title": "Calls",
        "description": "How many.",
        "gridPos": {"h": 5, "w": 11, "x": 0, "y": 0},
        "datasource": SOURCE,
        "targets": [a_target()],
        "fieldConfig": {
            "defaults": {
                "unit": "cps",
                "noValue": "none",
                "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": None}]},
            },
            "overrides": [],
        },
        **changed,
    }


def a_target(expr: str = 'rate(calls_total{job="api",agent=~"$agent"}[$__rate_interval])', **changed: Any) -> Json:
    return {"refId": "A", "datasource": SOURCE, "expr": expr, **changed}


def a_dashboard() -> Json:
    variable = {
        "name": "agent",
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": 'label_values(calls_total{job="api"}, agent)', "refId": "v"},
        "refresh": 2,
    }
    return {
        "title": "T",
        "uid": "calls-board",
        "editable": False,
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}, variable]},
        "annotations": {"list": [{"builtIn": 1, "datasource": {"uid": "-- Grafana --"}}]},
        "links": [],
        "panels": [a_panel(), a_panel(id=11, title="More", gridPos={"h": 5, "w": 13, "x": 11, "y": 0})],
    }


def changed(change: Change) -> Json:
    dashboard = deepcopy(a_dashboard())
    change(dashboard)
    return dashboard


@dataclass(frozen=True)
class Case:
    """`at` is the text of the line of the finding."""

    code: str
    wrong: Change
    right: Change
    at: str


def panel(**fields: Any) -> Change:
    return lambda d: d["panels"][0].update(fields)


def defaults(**fields: Any) -> Change:
    return lambda d: d["panels"][0]["fieldConfig"]["defaults"].update(fields)


def expr(text: str, **fields: Any) -> Change:
    return panel(targets=[a_target(text, **fields)])


def variable(**fields: Any) -> Change:
    return lambda d: d["templating"]["list"][1].update(fields)


def add_variable(**fields: Any) -> Change:
    return lambda d: d["templating"]["list"].append({"name": "zone", "type": "custom", "query": "a,b", **fields})


def steps(*values: float | None) -> Change:
    return defaults(thresholds={"mode": "absolute", "steps": [{"color": "red", "value": v} for v in values]})


def place(**grid: int) -> Change:
    return panel(gridPos={"h": 5, "w": 11, "x": 0, "y": 0, **grid})


def link(url: str) -> Change:
    return defaults(links=[{"title": "L", "url": url}])


def logs(text: str) -> Change:
    return panel(datasource=LOKI, targets=[{"refId": "A", "datasource": LOKI, "expr": text}])


CASES = (
    Case("WB600", lambda d: d.pop("panels"), lambda d: d.update(panels=[]), "{"),
    Case("WB601", lambda d: d.update(uid="with space"), lambda d: d.update(uid="x" * 40), '"uid"'),
    Case("WB602", panel(id=11), panel(id=13), '"id": 11'),
    Case("WB603", lambda d: d.update(editable=True), lambda d: d.update(editable=False), '"editable"'),
    Case("WB604", panel(type="graph"), panel(type="stat"), '"type": "graph"'),
    Case("WB605", place(w=12), place(w=11), '"gridPos"'),
    Case("WB605", place(x=15, y=9), place(x=13, y=9), '"gridPos"'),
    Case("WB606", panel(description=" "), panel(description="x"), '"description"'),
    Case("WB607", defaults(unit=""), defaults(unit="none"), '"defaults"'),
    Case("WB608", steps(0, 3), steps(None, 0, 3), '"thresholds"'),
    Case("WB608", steps(None, 7, 3), steps(None, 3, 7), '"thresholds"'),
    Case("WB609", defaults(noValue=""), defaults(noValue="none"), '"defaults"'),
    Case("WB610", panel(targets=[]), panel(type="text", targets=[]), "{"),
    Case("WB611", panel(targets=[a_target(), a_target()]), panel(targets=[a_target(), a_target(refId="B")]), '"refId"'),
    Case("WB612", panel(datasource={"uid": "abc"}), panel(datasource="${datasource}"), '"datasource"'),
    Case("WB612", variable(datasource="Prom"), variable(datasource="$datasource"), '"datasource": "Prom"'),
    Case("WB613", lambda d: d["templating"]["list"].pop(0), variable(sort=1), '"list"'),
    Case("WB614", expr("rate("), expr("up"), '"expr"'),
    Case("WB614", expr('up{job="x"} >'), expr("topk($n, up)"), '"expr"'),
    Case("WB615", expr('rate(calls_total{job="api"}[7m])'), expr('rate(calls_total{job="api"}[$__rate_interval])'), ""),
    Case("WB616", expr('sum(calls_total{job="api"})'), expr('sum(increase(calls_total{job="api"}[7m]))'), '"expr"'),
    Case("WB616", expr('calls_total{job="api"} > 3'), expr('count(calls_total{job="api"})'), '"expr"'),
    Case("WB617", expr('nobody_knows{job="api"}'), expr("prometheus_rule_group_rules"), '"expr"'),
    Case("WB618", expr("slo:objective:ratio"), expr('slo:objective:ratio{slo="calls"}'), '"expr"'),
    Case("WB618", expr("slo:info"), expr('slo:info{title=~"$agent"}'), '"expr"'),
    Case("WB619", variable(query="label_values(up{, job)"), variable(query="label_values(job)"), '"query"'),
    Case("WB619", variable(query="nonsense"), variable(query="query_result(max(up))"), '"query"'),
    Case("WB620", variable(refresh=1), variable(refresh=2), '"refresh": 1'),
    Case("WB621", add_variable(), lambda d: (add_variable()(d), expr('up{zone="$zone"}')(d)), '"name": "zone"'),
    Case("WB622", expr('up{zone="$zone"}'), expr('up{agent="${agent:regex}"}'), '"expr"'),
    Case("WB623", link("runbooks/x"), link("https://runbooks.test/x"), '"url"'),
    Case("WB623", link("/d/other-board?x=1"), link("/d/calls-board?x=1"), '"url"'),
    Case("WB624", logs('sum(rate({job="x"}[5m]))'), logs('sum(rate({job="x"}[$__auto]))'), '"expr"'),
    Case("WB625", logs('{job="x"'), logs('{job="x"} |= "{"'), '"expr"'),
)
