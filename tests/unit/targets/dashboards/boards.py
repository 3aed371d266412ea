"""Dashboards of small specs, as data."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.factories import Spec, a_spec, planned
from watchbill.model import Plan
from watchbill.targets import dashboards

Json = dict[str, Any]


def drawn(spec: Spec | Plan | None = None) -> dict[str, Json]:
    """Return the dashboards by key."""
    plan = spec if isinstance(spec, Plan) else planned(spec or a_spec())
    files = dict(dashboards.render(plan))
    return {
        path.removeprefix("dashboards/").removesuffix(".json"): json.loads(text)
        for path, text in files.items()
        if path.endswith(".json")
    }


def shown(dashboard: Json) -> dict[str, Json]:
    """Return the panels by title."""
    return {panel["title"]: panel for panel in dashboard["panels"] if panel["type"] != "row"}
