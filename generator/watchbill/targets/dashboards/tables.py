"""Tables: queries joined, columns chosen, named and styled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill.model import Measure
from watchbill.targets.dashboards import links, looks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Column, Panel, Plan

Json = dict[str, Any]


def parts(panel: Panel, plan: Plan) -> tuple[Json, list[Json], list[Json]]:
    """Return options, overrides and transformations."""
    keys = {query.key for query in panel.queries}
    fields = {column.of: _field(column.of, keys) for column in panel.columns}
    organize = {
        "excludeByName": {},
        "indexByName": {fields[column.of]: i for i, column in enumerate(panel.columns)},
        "renameByName": {fields[column.of]: column.head for column in panel.columns},
    }
    steps: list[Json] = [{"id": "merge", "options": {}}] if len(keys) > 1 else []
    # What is to be seen is named, once after joining: labels that nobody listed stay out.
    steps.append({"id": "filterFieldsByName", "options": {"include": {"names": list(fields.values())}}})
    heads = {column.of: column.head for column in panel.columns}
    sort = [{"displayName": heads[panel.sort], "desc": True}] if panel.sort in heads else []
    options = {"showHeader": True, "cellHeight": "sm", "sortBy": sort}
    return (
        options,
        [_override(c, heads, plan) for c in panel.columns],
        [*steps, {"id": "organize", "options": organize}],
    )


def pages(panel: Panel, plan: Plan) -> Iterator[tuple[str, Json]]:
    """Yield the alerts of a panel with the links to their pages."""
    for alert in panel.alerts:
        yield alert, links.runbook(plan, alert)


def _field(of: str, keys: set[str]) -> str:
    """Name of a column before it is renamed: a label's, or that of a query's values."""
    if of not in keys:
        return of
    return f"Value #{of}" if len(keys) > 1 else "Value"


def _override(column: Column, heads: dict[str, str], plan: Plan) -> Json:
    properties = list(_properties(column))
    if column.board:
        properties.append({"id": "links", "value": [links.by_field(heads[column.board])]})
    elif column.runbook and plan.links.runbooks:
        properties.append({"id": "links", "value": [links.by_alert(plan)]})
    return {"matcher": {"id": "byName", "options": column.head}, "properties": properties}


def _properties(column: Column) -> Iterator[Json]:
    unit = looks.unit(column.measure)
    yield from ({"id": name, "value": value} for name, value in unit.items())
    if column.width:
        yield {"id": "custom.width", "value": column.width}
    if column.thresholds:
        yield {"id": "thresholds", "value": looks.thresholds(column.thresholds)}
    if column.meanings:
        yield {"id": "mappings", "value": looks.mappings(column.meanings)}
    if column.bar:
        yield {"id": "min", "value": 0}
        yield {"id": "max", "value": 1}
        cell = {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}
    elif column.measure is Measure.STATE:
        cell = {"type": "color-background", "mode": "basic"}
    elif column.thresholds or column.meanings:
        cell = {"type": "color-text"}
    else:
        return
    yield {"id": "custom.cellOptions", "value": cell}
