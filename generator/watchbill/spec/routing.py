"""The `routing:` section: whom to wake, in the words of the Alertmanager that gets the alerts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from watchbill.fields import Name, Section
from watchbill.spec.hours import MuteSpec
from watchbill.spec.receivers import ReceiverField


class RoutingSpec(Section):
    """Who gets what."""

    severities: dict[Literal["page", "ticket", "info"], str] = Field(
        default={"page": "critical", "ticket": "warning", "info": "info"},
        description="The host's words for page, ticket and info.",
    )
    receivers: dict[Name, ReceiverField] = Field(
        default={},
        description="Receivers by key: `page`, `ticket` and `info` get what no objective routes elsewhere, `watchdog` "
        "is told all the time that alerts still arrive, `limits` is the webhook that tells harnesses. A text is the "
        "name of a receiver of the host's; a mapping defines one, with secrets in files only.",
    )
    mute_tickets: MuteSpec | None = Field(default=None, description="Hours outside of which tickets wait.")
    without_up: tuple[str, ...] = Field(
        default=(),
        description="Jobs whose metrics are pushed or relayed: they have no `up` of their own to watch.",
    )
