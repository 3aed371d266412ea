"""The one package that knows grafanalib: a frame to the dashboard's objects, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grafanalib import core

from watchbill import conventions
from watchbill.model import Form
from watchbill.targets.dashboards import links
from watchbill.targets.dashboards.grafana.forms import FORMS, Drawing
from watchbill.targets.dashboards.layout import Heading
from watchbill.targets.dashboards.looks import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Panel, Query
    from watchbill.targets.dashboards.board import Frame
    from watchbill.targets.dashboards.layout import Place

Json = dict[str, Any]

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
SINCE, UNTIL = "now-24h", "now"
REFRESH = "1m"
FORMATS = {Form.TABLE: "table", Form.HEATMAP: "heatmap"}


def dashboard(frame: Frame) -> Json:
    """Return the dashboard as grafanalib writes it."""
    plan, board = frame.plan, frame.board
    drawn = core.Dashboard(
        title=literal(board.title),
        description=f"{conventions.GENERATED_MARK}\n\n{literal(board.about)}",
        uid=frame.uid,
        tags=frame.tags,
        timezone="browser",
        time=core.Time(SINCE, UNTIL),
        timePicker=core.TimePicker(core.DEFAULT_TIME_PICKER.refreshIntervals, []),
        refresh=REFRESH,
        links=[
            core.DashboardLink(
                title=plan.service, tags=[conventions.MARKER, plan.service], asDropdown=True, includeVars=False
            )
        ],
        templating=core.Templating(list=[_datasource(), *_variables(frame)]),
        annotations=core.Annotations(list=list(_annotations(frame))),
        panels=[_placed(frame, one) for one in frame.placed],
    )
    plain: Json = _plain(drawn)
    plain["timepicker"] = {}
    return plain


def _plain(value: Any) -> Any:
    """Return grafanalib's objects as plain data, as its encoder does, without a text between."""
    if hasattr(value, "to_json_data"):
        value = value.to_json_data()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _placed(frame: Frame, one: Heading | tuple[Panel, Place]) -> Any:
    if isinstance(one, Heading):
        return core.RowPanel(title=one.row.value, id=frame.ids[f"row:{one.row.name}"], gridPos=_grid(one.place))
    panel, place = one
    found = tuple(links.panel_links(frame.plan, panel, frame.variables))
    common = {
        "title": literal(panel.title),
        "description": literal(panel.about),
        "id": frame.ids[panel.key],
        "gridPos": _grid(place),
        "dataSource": SOURCE,
        "maxDataPoints": None,
        "targets": [_target(query, panel.form) for query in panel.queries],
    }
    return FORMS[panel.form](Drawing(panel, frame.plan, found, common))


def _grid(place: Place) -> Any:
    return core.GridPos(h=place.height, w=place.width, x=place.x, y=place.y)


def _target(query: Query, form: Form) -> Json:
    return {
        "refId": query.key,
        "expr": query.expr,
        "legendFormat": query.legend or "__auto",
        "format": FORMATS.get(form, "time_series"),
        "instant": query.instant,
        "exemplar": query.exemplars,
    }


def _datasource() -> Any:
    return core.Template(
        name=conventions.DATASOURCE,
        label="Prometheus",
        type="datasource",
        query="prometheus",
        default="default",
        hide=0,
    )


def _variables(frame: Frame) -> list[Json]:
    found = []
    for variable in frame.board.variables:
        name = conventions.variable(variable.label)
        template = core.Template(
            name=name,
            label=variable.label,
            query={
                "query": f"label_values({variable.selector}, {variable.label})",
                "refId": f"variable-{name}",
                "qryType": 1,
            },
            dataSource=SOURCE,
            includeAll=True,
            multi=True,
            allValue=None if variable.bounded else ".*",
            refresh=2,
            sort=1,
            hide=0,
        ).to_json_data()
        found.append({**template, "current": {"text": ["All"], "value": ["$__all"]}, "options": []})
    return found


def _annotations(frame: Frame) -> Iterator[Json]:
    tags = ",".join((*conventions.ITEMS, conventions.SEVERITY))
    yield _note("Firing alerts", "red", frame.firing, "{{alertname}}", tags)
    if frame.deploys:
        tags = "release,version,graph_version,prompt_version,revision,tag"
        yield _note("Deployments", "blue", frame.deploys, "Deployment", tags)


def _note(name: str, colour: str, expr: str, title: str, tags: str) -> Json:
    return {
        "name": name,
        "enable": True,
        "hide": False,
        "iconColor": colour,
        "datasource": SOURCE,
        "expr": expr,
        "step": "60s",
        "titleFormat": title,
        "textFormat": "",
        "tagKeys": tags,
        "useValueForTime": False,
    }
