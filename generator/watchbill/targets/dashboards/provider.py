"""What tells Grafana where the dashboards are: a provider of its file provisioning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from watchbill.model import Plan

MOUNTED = "/var/lib/grafana/dashboards"
"""Where the folder is expected inside Grafana's file system; the recipe says how to put it there."""


def text(plan: Plan) -> str:
    """Return the provider's YAML."""
    provider = {
        "name": f"watchbill-{plan.service}",
        "folder": plan.service,
        "type": "file",
        "disableDeletion": False,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 30,
        "options": {"path": f"{MOUNTED}/{plan.service}"},
    }
    return f"# {conventions.GENERATED_MARK}\n{dump({'apiVersion': 1, 'providers': [provider]})}"
