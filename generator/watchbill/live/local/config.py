"""Configurations of a batch's servers, as JSON: YAML readers take it, and there is nothing to escape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from watchbill.targets.routes import config

if TYPE_CHECKING:
    from watchbill.live.local.web import Web
    from watchbill.model import Plan

NOBODY = "drill"
SOON = {"group_wait": "2s", "group_interval": "3s"}
HOURS = ("active_time_intervals", "mute_time_intervals")
SCRAPE = "5s"


def alertmanager(plan: Plan, web: Web) -> str:
    """Return the plan's routes and inhibitions, with every receiver a webhook of the drill's.

    Changed for the drill, and nothing else: receivers are webhooks, groups are told at once, and tickets do not wait
    for working hours.
    """
    found = config.complete(plan) if plan.routing.receivers else _unrouted(plan)
    _hurry(found["route"])
    for key in ("templates", "time_intervals"):
        found.pop(key, None)
    names = [receiver["name"] for receiver in found["receivers"]]
    found["receivers"] = [
        {"name": name, "webhook_configs": [{"url": web.address(quote(name, safe=""))}]} for name in names
    ]
    return json.dumps(found, indent=1)


def _unrouted(plan: Plan) -> dict[str, Any]:
    return {
        "route": {"receiver": NOBODY, "group_by": ["alertname"]},
        "receivers": [{"name": NOBODY}],
        "inhibit_rules": config.inhibit_rules(plan),
    }


def _hurry(route: dict[str, Any]) -> None:
    route.update(SOON)
    for key in HOURS:
        route.pop(key, None)
    for child in route.get("routes", ()):
        _hurry(child)


def prometheus(web: Web, alertmanager_port: int) -> str:
    """Return what scrapes the stage, under the labels the stage gives, and loads the batch's rules."""
    return json.dumps(
        {
            "global": {"scrape_interval": SCRAPE, "scrape_timeout": SCRAPE},
            "rule_files": ["rules/*.yml"],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager_port}"]}]}]},
            "scrape_configs": [
                {
                    "job_name": "drill",
                    "honor_labels": True,
                    "static_configs": [{"targets": [f"127.0.0.1:{web.port}"]}],
                }
            ],
        },
        indent=1,
    )
