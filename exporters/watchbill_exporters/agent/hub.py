"""The hub of the agent exporter: besides what every hub has, who listens to runs and spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import CATALOGUE
from watchbill_exporters.core.memory import hub

if TYPE_CHECKING:
    from watchbill_exporters.agent.listeners import RunListener, SpanListener
    from watchbill_exporters.core.memory.tally import Tally


class Hub(hub.Hub):
    """One for each exporter."""

    def __init__(self, tally: Tally | None = None) -> None:
        super().__init__(CATALOGUE, tally)
        self.run_listeners: list[RunListener] = []
        self.span_listeners: list[SpanListener] = []
