"""The parts of the platform, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compose.simulator.agents import Agents
from compose.simulator.backups import Backups
from compose.simulator.gateway import Gateway
from compose.simulator.queues import Queues
from compose.simulator.records import Records
from compose.simulator.sandboxes import Sandboxes
from compose.simulator.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from compose.simulator.settings import Settings
    from compose.simulator.theme import Theme

THEMES: tuple[Callable[[Settings], Theme], ...] = (Gateway, Agents, Streams, Records, Sandboxes, Queues, Backups)


def themes(settings: Settings) -> tuple[Theme, ...]:
    return tuple(theme(settings) for theme in THEMES)
