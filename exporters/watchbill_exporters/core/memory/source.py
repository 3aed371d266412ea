"""What the sources of all inputs have in common: they share one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.memory.tally.snapshot import Snapshot, described, metrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from watchbill_exporters.core.memory.hub import Hub


class InputSource:
    """Families come from the tally of the hub, whoever filled it."""

    hub: Hub

    def describe(self) -> Iterable[Metric]:
        return described(self.hub.catalogue.families)

    def families(self, snapshot: Snapshot) -> Iterable[Metric]:
        return metrics(snapshot)
