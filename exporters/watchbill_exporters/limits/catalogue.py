"""Names of what the service says of itself; series of what is known start at 0."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PREFIX = "agent_harness"


class Status(StrEnum):
    """What an alert in a notification says."""

    FIRING = "firing"
    RESOLVED = "resolved"


class Refused(StrEnum):
    """Why an alert was not acted upon."""

    UNKNOWN = "unknown"
    """The limits file has no such limit, or no such alert switches it."""
    SERVICE = "service"
    """It is another service's."""
    GROUP = "group"
    """It lacks a label of the group that the limit is for."""
    STALE = "stale"
    """What is known is newer: notifications were replayed, or overtook one another."""
    FULL = "full"
    """More groups of one limit than the config lets in."""


class Fault(StrEnum):
    """What was wrong with a notification, or with taking it."""

    BODY = "body"
    VERSION = "version"
    CLOCK = "clock"
    """It was taken; its times are ahead of this host's."""
    STATE = "state"
    """The state could not be written: answered 503, so that it is told again."""


@dataclass(frozen=True)
class Name:
    """One metric."""

    name: str
    help: str
    labels: tuple[str, ...] = ()

    @property
    def is_counter(self) -> bool:
        """Whether it only rises."""
        return self.name.endswith("_total")


ACTIVE = Name(f"{PREFIX}_limits_active", "Groups for which the limit holds now.", ("limit",))
EXPIRY = Name(
    f"{PREFIX}_limits_next_expiry_timestamp_seconds",
    "When the first of them ends, if nobody says so again.",
    ("limit",),
)
RECEIVED = Name(f"{PREFIX}_alerts_received_total", "Alerts in notifications, by what they say.", ("status",))
REFUSED = Name(f"{PREFIX}_alerts_refused_total", "Alerts that were not acted upon, by reason.", ("reason",))
BEGUN = Name(f"{PREFIX}_limits_begun_total", "Limits that began to hold for a group.", ("limit",))
RENEWED = Name(f"{PREFIX}_limits_renewed_total", "Leases that were renewed.", ("limit",))
LIFTED = Name(f"{PREFIX}_limits_lifted_total", "Limits that ended because their alert did.", ("limit",))
EXPIRED = Name(f"{PREFIX}_limits_expired_total", "Limits that ended because nobody renewed their lease.", ("limit",))
FAULTS = Name(f"{PREFIX}_webhook_faults_total", "Notifications that something was wrong with, by what.", ("fault",))
TOLD = Name(f"{PREFIX}_last_notification_timestamp_seconds", "When Alertmanager last told anything.")
ASKED = Name(f"{PREFIX}_queries_total", "Questions of harnesses, by answer: 304 is that nothing changed.", ("code",))
STATE = Name(f"{PREFIX}_state_last_write_timestamp_seconds", "When the state was last written.")

NAMES = (
    ACTIVE, EXPIRY, RECEIVED, REFUSED, BEGUN, RENEWED, LIFTED, EXPIRED, FAULTS, TOLD, ASKED, STATE
)  # fmt: skip
ANSWERS = ("200", "304", "400")
