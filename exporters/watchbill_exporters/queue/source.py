"""A source of the queue exporter: what differs is how it is configured and read, never what it exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from watchbill_exporters.core.contract import ConfigT, SectionT
from watchbill_exporters.queue import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prometheus_client import Metric

    from watchbill_exporters.core.contract import Client
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.queue.snapshot import Snapshot


@dataclass(frozen=True)
class QueueSource(Generic[SectionT, ConfigT]):
    """Ties a section to its client; satisfies `core.contract.Source`."""

    kind: str
    section: type[SectionT]
    resolved: Callable[[SectionT, Resolver], ConfigT]
    opened: Callable[[ConfigT], Client[Snapshot]]

    def resolve(self, section: SectionT, resolver: Resolver) -> ConfigT:
        return self.resolved(section, resolver)

    def connect(self, config: ConfigT) -> Client[Snapshot]:
        return self.opened(config)

    def describe(self) -> Iterable[Metric]:
        return metrics.described()

    def families(self, snapshot: Snapshot) -> Iterable[Metric]:
        return metrics.families(snapshot)
