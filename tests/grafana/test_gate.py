from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.grafana.gate import SCHEMA, violations

PROMETHEUS = {"type": "prometheus", "uid": "${datasource}"}
PANEL: dict[str, Any] = {
    "type": "timeseries",
    "title": "Errors",
    "id": 3,
    "datasource": PROMETHEUS,
    "gridPos": {"x": 0, "y": 0, "w": 11, "h": 7},
    "targets": [{"refId": "A", "expr": "up", "range": True, "datasource": PROMETHEUS, "legendFormat": "{{job}}"}],
    "links": [{"title": "Runbook", "url": "/runbooks/errors", "targetBlank": True}],
    "options": {"legend": {"showLegend": True, "placement": "right", "displayMode": "table", "calcs": ["max"]}},
    "fieldConfig": {
        "defaults": {
            "unit": "percentunit",
            "color": {"mode": "palette-classic"},
            "custom": {"drawStyle": "line", "thresholdsStyle": {"mode": "line+area"}},
            "mappings": [{"type": "range", "options": {"from": None, "to": 3, "result": {"text": "few"}}}],
            "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": None}]},
        },
        "overrides": [
            {
                "matcher": {"id": "byName", "options": "budget"},
                "properties": [{"id": "unit", "value": "s"}, {"id": "custom.fillOpacity", "value": 13}],
            }
        ],
    },
}
STAT = {"type": "stat", "options": {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "background"}}
TABLE = {"type": "table", "fieldConfig": {"defaults": {"custom": {"cellOptions": {"type": "gauge"}}}, "overrides": []}}
GOOD: dict[str, Any] = {
    "title": "A service",
    "uid": "a-service",
    "schemaVersion": 39,
    "tags": ["slo"],
    "time": {"from": "now-6h", "to": "now"},
    "links": [],
    "annotations": {
        "list": [
            {
                "name": "Fired",
                "datasource": PROMETHEUS,
                "enable": True,
                "iconColor": "red",
                "expr": "ALERTS",
                "step": "1m",
            }
        ]
    },
    "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus", "hide": 0}]},
    "panels": [PANEL, {"type": "row", "title": "More", "id": 5, "collapsed": True, "panels": [STAT, TABLE]}],
}
DEFAULTS = ("panels", 0, "fieldConfig", "defaults")
OVERRIDE = ("panels", 0, "fieldConfig", "overrides", 0, "properties", 0)


def test_a_good_dashboard_has_no_violation() -> None:
    assert violations(GOOD) == []


@pytest.mark.parametrize(
    ("where", "value", "complaint"),
    [
        (("refreshh",), "1m", "$: Additional properties are not allowed ('refreshh' was unexpected)"),
        (("title",), 7, "$.title: 7 is not of type 'string'"),
        (("graphTooltip",), 3, "$.graphTooltip: 3 is not one of [1, 0, 2]"),
        (("panels",), {}, "$.panels: {} is not of type 'array'"),
        (("templating", "list", 0, "hide"), 9, "$.templating.list[0].hide: 9 is not one of"),
        (("panels", 0, "type"), "graph", "$.panels[0].type: 'graph' is not one of"),
        (("panels", 0, "span"), 6, "$.panels[0]: Additional properties are not allowed ('span'"),
        (("panels", 0, "gridPos", "w"), "11", "$.panels[0].gridPos.w: '11' is not of type 'number'"),
        (("panels", 0, "targets", 0, "query"), "up", "$.panels[0].targets[0]: Additional properties are not allowed"),
        (("panels", 0, "targets", 0, "format"), "json", "$.panels[0].targets[0].format: 'json' is not one of"),
        (("panels", 0, "options", "colorMode"), "value", "$.panels[0].options: Additional properties are not allowed"),
        (("panels", 0, "options", "legend", "placement"), "top", "$.panels[0].options.legend.placement: 'top'"),
        (("panels", 1, "panels", 0, "options", "colorMode"), "x", "$.panels[1].panels[0].options.colorMode: 'x' is"),
        ((*DEFAULTS, "custom", "drawStyle"), "dots", "$.panels[0].fieldConfig.defaults.custom.drawStyle: 'dots'"),
        ((*DEFAULTS, "thresholds", "mode"), "abs", "$.panels[0].fieldConfig.defaults.thresholds.mode: 'abs'"),
        ((*DEFAULTS, "color", "mode"), "rainbow", "$.panels[0].fieldConfig.defaults.color.mode: 'rainbow'"),
        (
            (*DEFAULTS, "mappings", 0, "options", "from"),
            "3",
            "$.panels[0].fieldConfig.defaults.mappings[0].options.from: '3' is not of type 'number', 'null'",
        ),
        ((*OVERRIDE, "id"), "units", "$.panels[0].fieldConfig.overrides[0].properties[0].id: 'units' is nothing"),
        ((*OVERRIDE, "value"), 5, "$.panels[0].fieldConfig.overrides[0].properties[0].value: 5 is not of type"),
        (
            ("panels", 1, "panels", 1, "fieldConfig", "defaults", "custom", "cellOptions", "mode"),
            "thick",
            "$.panels[1].panels[1].fieldConfig.defaults.custom.cellOptions.mode: 'thick' is not one of",
        ),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_a_mistake_is_named_with_its_path(where: tuple[str | int, ...], value: object, complaint: str) -> None:
    *way, last = where
    broken = copy.deepcopy(GOOD)
    node: Any = broken
    for step in way:
        node = node[step]
    node[last] = value
    assert [each[: len(complaint)] for each in violations(broken)] == [complaint]


def test_the_schema_is_of_the_versions_that_the_derivation_pins() -> None:
    package = json.loads(SCHEMA.with_name("package.json").read_text(encoding="utf-8"))
    pinned = [f"{n} {v}" for n, v in package["dependencies"].items() if n.startswith("@grafana/")]
    assert json.loads(SCHEMA.read_text(encoding="utf-8"))["$comment"].endswith(", ".join(pinned)), (
        "run `make grafana-schema`"
    )
