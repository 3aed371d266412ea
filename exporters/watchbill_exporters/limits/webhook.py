"""Alertmanager's webhook, version 4: body -> what each alert says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from watchbill_exporters.limits.catalogue import Fault, Status

VERSION = "4"
MOST_ALERTS = 10_000
NEVER = datetime(1, 1, 2, tzinfo=UTC)
LABEL = "harness_limit"


class WebhookError(Exception):
    """The notification cannot be read; nothing of it is acted upon."""

    def __init__(self, fault: Fault, message: str) -> None:
        self.fault = fault
        super().__init__(message)


@dataclass(frozen=True)
class Notice:
    """One alert of a notification. Times are the sender's, Unix seconds; they are compared with each other only."""

    limit: str
    alert: str
    service: str
    labels: tuple[tuple[str, str], ...]
    status: Status
    started: float
    ended: float | None


def parse(body: bytes) -> tuple[Notice, ...]:
    """Return the alerts. Raises WebhookError."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise WebhookError(Fault.BODY, "the body is not JSON") from None
    if not isinstance(found, dict):
        raise WebhookError(Fault.BODY, "the body is not an object")
    if found.get("version") != VERSION:
        raise WebhookError(Fault.VERSION, f"'version' must be \"{VERSION}\": Alertmanager's webhook")
    alerts = found.get("alerts")
    if not isinstance(alerts, list) or len(alerts) > MOST_ALERTS:
        raise WebhookError(Fault.BODY, f"'alerts' must be a list of at most {MOST_ALERTS}")
    return tuple(_notice(alert, f"alerts[{i}]") for i, alert in enumerate(alerts))


def _notice(alert: Any, where: str) -> Notice:
    if not isinstance(alert, dict):
        raise WebhookError(Fault.BODY, f"{where} is not an object")
    labels = alert.get("labels")
    if not isinstance(labels, dict) or not all(isinstance(v, str) for v in labels.values()):
        raise WebhookError(Fault.BODY, f"{where}.labels must hold texts")
    status = alert.get("status")
    if status not in tuple(Status):
        raise WebhookError(Fault.BODY, f"{where}.status must be firing or resolved")
    started = _time(alert.get("startsAt"), f"{where}.startsAt")
    if started is None:
        raise WebhookError(Fault.BODY, f"{where}.startsAt must be a time")
    return Notice(
        limit=labels.get(LABEL, ""),
        alert=labels.get("alertname", ""),
        service=labels.get("watchbill", ""),
        labels=tuple(sorted(labels.items())),
        status=Status(status),
        started=started,
        ended=_time(alert.get("endsAt"), f"{where}.endsAt"),
    )


def _time(value: Any, where: str) -> float | None:
    """Return Unix seconds; Go's zero time is none."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        raise WebhookError(Fault.BODY, f"{where} must be a time as in RFC 3339") from None
    if found.tzinfo is None:
        raise WebhookError(Fault.BODY, f"{where} must have a time zone")
    return None if found < NEVER else found.timestamp()
