"""What grafanalib writes, made into what today's Grafana reads: known keys only, and no null that means nothing.

grafanalib 0.7.1 writes schema version 12 and, in a dozen panels, 281 violations of Grafana's own types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]

DASHBOARD = (
    "description", "title", "uid", "tags", "schemaVersion", "version", "editable", "graphTooltip", "refresh", "time",
    "timepicker", "timezone", "links", "templating", "annotations", "panels",
)  # fmt: skip
PANEL = (
    "id", "type", "title", "description", "gridPos", "datasource", "targets", "fieldConfig", "options", "interval",
    "transformations", "links", "timeFrom", "transparent",
)  # fmt: skip
ROW = ("id", "type", "title", "gridPos", "collapsed", "panels")
TARGET = (
    "refId", "datasource", "editorMode", "expr", "legendFormat", "format", "instant", "range", "exemplar", "hide",
)  # fmt: skip
VARIABLE = (
    "name", "label", "description", "type", "query", "datasource", "current", "includeAll", "allValue", "multi",
    "refresh", "regex", "sort", "hide", "options",
)  # fmt: skip
MEANT = frozenset({"value", "from", "to"})
"""Where null says something: from the bottom, without bound."""
EMPTY = frozenset({"transformations", "links", "mappings"})
"""Lists that say nothing while they are empty."""
SINCE = ((12, 42), (0, 39))
"""Grafana's major version, and the schema version from it on."""


def finalise(dashboard: Json, grafana: tuple[int, int]) -> Json:
    """Return the dashboard for a version of Grafana and later ones."""
    version = next(schema for major, schema in SINCE if grafana[0] >= major)
    out = _known({**dashboard, "schemaVersion": version, "editable": False, "graphTooltip": 1}, DASHBOARD)
    out["templating"] = {"list": [_variable(v) for v in dashboard["templating"]["list"]]}
    out["panels"] = [_panel(panel) for panel in dashboard["panels"]]
    pruned = _pruned(out)
    pruned["links"] = dashboard["links"]
    found: Json = pruned
    return found


def _panel(panel: Json) -> Json:
    if panel["type"] == "row":
        return {**_known(panel, ROW), "panels": []}
    out = _known(panel, PANEL)
    options = dict(out.get("options") or {})
    # A gauge of grafanalib's puts where Grafana 6 had it what all panels have had in common since 7.
    old = options.pop("fieldOptions", None)
    if old is not None:
        options["reduceOptions"] = {"calcs": old["calcs"], "fields": "", "values": False}
    for key in ("showThresholdLabels", "showThresholdMarkers"):
        options.pop(key, None)
    # Where a cell has a display mode of the old kind, Grafana does not look at its options.
    out["fieldConfig"]["defaults"].get("custom", {}).pop("displayMode", None)
    if "legend" in options and panel["type"] != "heatmap":
        options["legend"] = {"showLegend": True, **options["legend"]}
    out["options"] = options
    out["targets"] = [_target(target, panel["datasource"]) for target in panel["targets"]]
    return out


def _target(target: Json, datasource: Json) -> Json:
    instant = bool(target.get("instant"))
    return _known(
        {**target, "datasource": datasource, "editorMode": "code", "instant": instant, "range": not instant}, TARGET
    )


def _variable(variable: Json) -> Json:
    out = _known(variable, VARIABLE)
    out["current"] = {key: out["current"][key] for key in ("text", "value") if key in out["current"]}
    return out


def _known(value: Json, keys: Iterable[str]) -> Json:
    return {key: value[key] for key in keys if key in value and value[key] not in (None, "")}


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            k: _pruned(v)
            for k, v in value.items()
            if (v is not None or k in MEANT) and not (k in EMPTY and v == []) and not (k == "custom" and v == {})
        }
    return [_pruned(v) for v in value] if isinstance(value, list) else value
