"""What grafanalib writes becomes what Grafana reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill.targets.dashboards.finalise import finalise

if TYPE_CHECKING:
    from tests.unit.targets.dashboards.boards import Json


def a_dashboard(*panels: Json, **changed: Any) -> Json:
    base = {"title": "T", "uid": "u", "links": [], "templating": {"list": []}, "annotations": {"list": []}}
    return {**base, "rows": [], "gnetId": None, "panels": list(panels), **changed}


def a_panel(**changed: Any) -> Json:
    base = {"type": "timeseries", "title": "P", "id": 7, "datasource": {"uid": "${datasource}"}, "targets": []}
    return {**base, "fieldConfig": {"defaults": {}, "overrides": []}, "options": {}, "span": None, **changed}


def one(**changed: Any) -> Json:
    found: Json = finalise(a_dashboard(a_panel(**changed)), (10, 0))["panels"][0]
    return found


def test_the_schema_version_follows_the_oldest_grafana() -> None:
    versions = {major: finalise(a_dashboard(), (major, 0))["schemaVersion"] for major in (10, 11, 12, 13)}
    assert versions == {10: 39, 11: 39, 12: 42, 13: 42}


def test_unknown_keys_and_nulls_go() -> None:
    found = finalise(a_dashboard(a_panel()), (10, 0))
    assert not {"rows", "gnetId"} & set(found)
    assert "span" not in found["panels"][0]
    assert found["editable"] is False


def test_the_base_of_thresholds_and_the_bounds_of_ranges_stay_null() -> None:
    steps = [{"color": "red", "value": None}, {"color": "green", "value": 0.7}]
    ranges = [{"type": "range", "options": {"from": None, "to": 3, "result": {"text": "low"}}}]
    defaults = {"thresholds": {"mode": "absolute", "steps": steps}, "mappings": ranges, "min": None}
    found = one(fieldConfig={"defaults": defaults, "overrides": []})["fieldConfig"]["defaults"]
    assert found == {"thresholds": {"mode": "absolute", "steps": steps}, "mappings": ranges}


def test_a_gauges_reducer_moves_to_where_all_panels_have_it() -> None:
    found = one(type="bargauge", options={"fieldOptions": {"calcs": ["lastNotNull"]}, "showThresholdLabels": False})
    assert found["options"] == {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}


def test_a_cells_old_display_mode_does_not_hide_its_options() -> None:
    custom = {"displayMode": "auto", "cellOptions": {"type": "auto"}}
    found = one(type="table", fieldConfig={"defaults": {"custom": custom}, "overrides": []})
    assert found["fieldConfig"]["defaults"]["custom"] == {"cellOptions": {"type": "auto"}}


def test_a_query_says_range_or_instant_and_whose_it_is() -> None:
    found = one(targets=[{"refId": "a", "expr": "up", "instant": True, "step": 10}, {"refId": "b", "expr": "up"}])
    assert [(t["instant"], t["range"]) for t in found["targets"]] == [(True, False), (False, True)]
    assert all(t["datasource"] == {"uid": "${datasource}"} and "step" not in t for t in found["targets"])
