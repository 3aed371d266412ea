"""Alertmanager: a complete configuration, a fragment to merge, a template for notifications, and routing tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.targets.routes import checks, template
from watchbill.targets.routes.config import complete, fragment
from watchbill.targets.yaml_text import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Plan

NAME = "routes"


def render(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield `alerts/alertmanager/`: nothing where the spec names no receivers, or has no alerts to route."""
    if not plan.routing.receivers or next(plan.alerts(), None) is None:
        return
    folder, mark = conventions.ROUTES_FOLDER, f"# {conventions.GENERATED_MARK}\n"
    yield f"{folder}/alertmanager.yml", mark + _about(plan) + dump(complete(plan))
    yield f"{folder}/fragment.yml", mark + FRAGMENT + dump(fragment(plan))
    yield f"{folder}/{conventions.TEMPLATE_FILE}", template.text(plan)
    yield f"{folder}/routing_tests.yml", mark + TESTS + dump(checks.listed(plan))


FRAGMENT = """\
# To merge into an Alertmanager's configuration: `watchbill routes merge --into alertmanager.yml` puts each part into
# its place. By hand: the route first under `route: routes:`, every other item into the list of the same name.
"""
TESTS = """\
# Who gets every alert, and which alerts are kept quiet by which: `amlint test alertmanager.yml routing_tests.yml`.
"""


def _about(plan: Plan) -> str:
    names = sorted({r.name for r in plan.routing.receivers if r.is_reference})
    if not names:
        return ""
    listed = "".join(f"#   {name}\n" for name in names)
    return f"# Receivers that the host's Alertmanager defines stand here without any way to reach people:\n{listed}"
