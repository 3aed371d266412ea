"""Grafana dashboards in the classic model, one for each board of the plan, and a provider for file provisioning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.targets.dashboards import grafana, provider
from watchbill.targets.dashboards.board import Frame
from watchbill.targets.dashboards.finalise import finalise
from watchbill.targets.dashboards.json_text import dump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.model import Plan

NAME = "dashboards"


def render(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield `dashboards/<board>.json`, and `dashboards/provisioning/<service>.yaml` that tells Grafana of them."""
    boards, panels = plan.boards, plan.panels()
    for board in boards:
        drawn = grafana.dashboard(Frame(plan, board, panels.get(board.key, ())))
        yield f"{conventions.DASHBOARDS_FOLDER}/{board.key}.json", dump(finalise(drawn, plan.targets.grafana))
    if boards:
        yield f"{conventions.DASHBOARDS_FOLDER}/provisioning/{plan.service}.yaml", provider.text(plan)
