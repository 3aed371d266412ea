"""The spec's routing, resolved for the target that writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions
from watchbill.model import Integration, Mute, Override, Receiver, Routing
from watchbill.plan.resolve import severities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchbill.spec import Document
    from watchbill.spec.receivers import Receiver as ReceiverSpec


def routing(document: Document) -> Routing:
    """Return receivers, severities, overrides and working hours."""
    spec = document.routing
    mute = spec.mute_tickets
    return Routing(
        receivers=tuple(_receiver(document.service, key, value) for key, value in spec.receivers.items()),
        severities=severities(document),
        overrides=tuple(_overrides(document)),
        mute=None if mute is None else Mute(mute.outside, mute.zone),
    )


def _overrides(document: Document) -> Iterator[Override]:
    yield from (Override(conventions.SLO, slo.name, slo.route) for slo in document.slos if slo.route)
    yield from (Override(item.label, item.name, item.route) for _, item in document.items if item.route)


def _receiver(service: str, key: str, value: str | ReceiverSpec) -> Receiver:
    if isinstance(value, str):
        return Receiver(key, value)
    integrations = tuple(Integration(kind, tuple(one.given().items())) for kind, one in value.integrations())
    return Receiver(key, conventions.receiver(service, key), integrations)
