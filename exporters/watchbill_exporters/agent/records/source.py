"""What the sources of all inputs have in common: they share one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import FAMILIES
from watchbill_exporters.agent.tally.snapshot import Snapshot, described, metrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric


class InputSource:
    """Families come from the tally, whoever filled it."""

    def describe(self) -> Iterable[Metric]:
        return described(FAMILIES)

    def families(self, snapshot: Snapshot) -> Iterable[Metric]:
        return metrics(snapshot)
