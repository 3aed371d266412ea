"""Celery's messages, protocol 2, as kombu puts them into Redis."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from watchbill_exporters.hooks import ENQUEUED_AT


@dataclass(frozen=True)
class Message:
    """What matters of a task's message; None is not in it."""

    id: str
    queue: str | None = None
    enqueued: float | None = None
    eta: float | None = None

    def waits(self, now: float) -> bool:
        """Say whether it may not run yet."""
        return self.eta is not None and self.eta > now


def message(raw: bytes) -> Message | None:
    """Return the message, or None for what is no task of Celery's."""
    try:
        return _message(json.loads(raw))
    except (ValueError, TypeError, AttributeError):
        return None


def held(raw: bytes) -> Message | None:
    """Return a message out of `unacked`: [message, exchange, routing key]."""
    try:
        found = json.loads(raw)[0]
        return _message(json.loads(found) if isinstance(found, str) else found)
    except (ValueError, TypeError, AttributeError, LookupError):
        return None


def events(raw: bytes) -> list[dict[str, Any]]:
    """Return the events of one message of the event exchange: one, or several that were sent together."""
    try:
        envelope = json.loads(raw)
        body = json.loads(b64decode(envelope["body"]))
    except (ValueError, TypeError, LookupError):
        return []
    return [event for event in (body if isinstance(body, list) else [body]) if isinstance(event, dict)]


def _message(envelope: Any) -> Message | None:
    headers = envelope.get("headers") or {}
    if not isinstance(task := headers.get("id"), str):
        return None
    queue = (envelope.get("properties") or {}).get("delivery_info", {}).get("routing_key")
    sent = headers.get(ENQUEUED_AT)
    return Message(
        task,
        queue if isinstance(queue, str) else None,
        float(sent) if isinstance(sent, int | float) else None,
        _unix(headers.get("eta")),
    )


def _unix(text: object) -> float | None:
    if not isinstance(text, str):
        return None
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
