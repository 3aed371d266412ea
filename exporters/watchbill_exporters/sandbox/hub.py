"""The hub of the sandbox exporter: besides what every hub has, the rules that tell pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.memory import hub
from watchbill_exporters.sandbox.catalogue import CATALOGUE
from watchbill_exporters.sandbox.pools import Pools

if TYPE_CHECKING:
    from watchbill_exporters.core.memory.tally import Tally


class Hub(hub.Hub):
    """One for each exporter."""

    def __init__(self, tally: Tally | None = None) -> None:
        super().__init__(CATALOGUE, tally)
        self.pools = Pools()
