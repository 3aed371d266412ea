"""The panels a drill looks at have data where all is in place, and are missed where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from watchbill.live.http import Site
from watchbill.live.prometheus import Prometheus
from watchbill.live.stack import links

if TYPE_CHECKING:
    from lab.demo_history import Demo

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]


def test_every_alerts_dashboard_has_data_on_a_day_of_everything(demo_history: Demo) -> None:
    server = Prometheus(Site("Prometheus", demo_history.server.url))
    boards = {alert.board: alert for alert in demo_history.plan.alerts()}
    assert len(boards) > 10
    assert {
        name: found
        for name, alert in boards.items()
        if (found := list(links.dashboard(demo_history.plan, alert, server)))
    } == {}


def test_panels_of_what_is_not_measured_are_named(demo_history: Demo) -> None:
    class Blind(Prometheus):
        def has_data(self, expr: str) -> bool:
            return super().has_data(expr.replace("slo:", "not_slo:"))

    server = Blind(Site("Prometheus", demo_history.server.url))
    alert = next(a for a in demo_history.plan.alerts() if a.name == "RunSuccessBudgetBurnFast")
    said = list(links.dashboard(demo_history.plan, alert, server))
    assert said
    assert all(problem.endswith("of its dashboard has no data") for problem in said)
