"""The spec's routing, resolved for the target that writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill.model import Receiver, Routing
from watchbill.plan.resolve import severities

if TYPE_CHECKING:
    from watchbill.spec import Document


def routing(document: Document) -> Routing:
    """Return receivers, severities and overrides."""
    spec = document.routing
    return Routing(
        receivers=tuple(Receiver(key, name) for key, name in spec.receivers.items()),
        severities=severities(document),
        overrides=tuple((slo.name, slo.route) for slo in document.slos if slo.route),
    )
