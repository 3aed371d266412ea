"""Where alerts go: matchers, inhibitions, receivers and routes, before any Alertmanager spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from watchbill.model.rules import Labels

Setting = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class LabelMatcher:
    """One matcher on a label: `op` is =, !=, =~ or !~."""

    label: str
    op: str
    value: str


@dataclass(frozen=True, slots=True)
class Inhibition:
    """While an alert matches `source`, alerts that match `target` and agree on the labels in `equal` stay silent."""

    source: tuple[LabelMatcher, ...]
    target: tuple[LabelMatcher, ...]
    equal: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Integration:
    """One way to reach people: its Alertmanager kind (`slack`) and its settings; secrets are paths of files only."""

    kind: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets alerts. Without integrations it is a reference: the host's Alertmanager defines it under this name."""

    key: str
    name: str
    integrations: tuple[Integration, ...] = ()

    @property
    def is_reference(self) -> bool:
        """Whether the host defines it."""
        return not self.integrations


@dataclass(frozen=True, slots=True)
class Mute:
    """Tickets are muted outside of these hours: (weekday from, weekday to, minute from, minute to) in a time zone."""

    hours: tuple[tuple[int, int, int, int], ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Override:
    """What has a receiver of its own: the label that names it, its name, and the receiver's key."""

    label: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Routing:
    """Who gets what: receivers by key, the host's words for severities, and what has a receiver of its own."""

    receivers: tuple[Receiver, ...] = ()
    severities: Labels = ()
    overrides: tuple[Override, ...] = ()
    mute: Mute | None = None

    def override(self, item: tuple[str, str]) -> str | None:
        """Return the key of the receiver of its own that the item (label, name) has, if it has one."""
        return next((o.key for o in self.overrides if (o.label, o.name) == item), None)
