"""What all sources of this exporter have in common: one snapshot type, one set of families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.backup import catalogue
from watchbill_exporters.backup.facts import Facts, families

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric


class FactsSource:
    """The half of a source that is the same for all."""

    def describe(self) -> Iterable[Metric]:
        return catalogue.described()

    def families(self, snapshot: Facts) -> Iterable[Metric]:
        return families(snapshot)
