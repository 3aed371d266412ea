"""Receivers that the spec defines, with the bundle's own texts wherever the spec gives none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from watchbill import conventions
from watchbill.conventions import limits as agreed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from watchbill.model import Integration, Plan

TEXTS: Mapping[str, Mapping[str, str]] = {
    "slack": {"title": "title", "title_link": "link", "text": "chat", "fallback": "title", "color": "colour"},
    "pagerduty": {"description": "title", "client_url": "link"},
    "opsgenie": {"message": "title", "description": "text"},
    "email": {"text": "text"},
    "msteams": {"title": "title", "text": "markdown"},
    "msteamsv2": {"title": "title", "text": "markdown"},
    "discord": {"title": "title", "message": "markdown"},
    "telegram": {"message": "text"},
    "pushover": {"title": "title", "message": "text", "url": "link"},
    "victorops": {"entity_display_name": "title", "state_message": "text"},
    "webex": {"message": "markdown"},
    "jira": {"summary": "title", "description": "text"},
    "rocketchat": {"title": "title", "title_link": "link", "text": "markdown"},
}
"""Setting -> template, by kind. Webhooks and incident.io get the alerts themselves, with all annotations."""


def defined(plan: Plan) -> list[dict[str, Any]]:
    """Return the receivers in the order of the spec."""
    out = []
    for receiver in plan.routing.receivers:
        settings: dict[str, list[dict[str, Any]]] = {}
        for one in receiver.integrations:
            quiet = {"send_resolved": False} if receiver.key == "watchdog" else {"send_resolved": True}
            own = {**quiet, **_own(plan.service, one)}
            if receiver.key == agreed.RECEIVER:
                own |= {"send_resolved": True}  # else limits would only ever run out
            settings.setdefault(f"{one.kind}_configs", []).append(own)
        if settings:
            out.append({"name": receiver.name, **settings})
    return out


def _own(service: str, one: Integration) -> dict[str, Any]:
    given = dict(one.settings)

    def call(name: str) -> str:
        return f'{{{{ template "{conventions.template(service, name)}" . }}}}'

    texts: dict[str, Any] = {key: call(name) for key, name in TEXTS.get(one.kind, {}).items()}
    if one.kind == "pagerduty":
        parts = ("summary", "budget_left", "runbook", "dashboard", "traces", "silence", "text")
        texts["details"] = {part: call(part) for part in parts}
    if one.kind == "email":
        texts["html"] = ""  # plain text reads on any device, and links in it are links
        texts["headers"] = {"Subject": call("title")}
    if one.kind == "telegram":
        texts["parse_mode"] = ""  # a < in a summary would break HTML
    return {**given, **{key: value for key, value in texts.items() if key not in given}}
