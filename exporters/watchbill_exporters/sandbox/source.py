"""What the sources that are read at each scrape have in common: what is there now is theirs, the rest is the hub's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill_exporters.core.memory.tally.snapshot import described, metric
from watchbill_exporters.sandbox import catalogue as names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from watchbill_exporters.sandbox.ledger import Live


class LiveSource:
    """Its snapshot says what is there. Counters are on the page whether the target answers or not."""

    def describe(self) -> Iterable[Metric]:
        return described((names.SANDBOXES, names.OLDEST_START))

    def families(self, snapshot: Live) -> Iterable[Metric]:
        yield metric(names.SANDBOXES, snapshot.states)
        yield metric(names.OLDEST_START, snapshot.oldest)
