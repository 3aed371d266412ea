"""The `routing:` section: whom to wake, in the words of the Alertmanager that gets the alerts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from watchbill.fields import Name, Section


class RoutingSpec(Section):
    """Who gets what."""

    severities: dict[Literal["page", "ticket", "info"], str] = Field(
        default={"page": "critical", "ticket": "warning", "info": "info"},
        description="The host's words for page, ticket and info.",
    )
    receivers: dict[Name, str] = Field(
        default={},
        description="Receivers by key: `page` and `ticket` get what no objective routes elsewhere. A text is the name "
        "of a receiver of the host's.",
    )
