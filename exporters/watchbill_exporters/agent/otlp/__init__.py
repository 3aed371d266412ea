"""`otlp:` spans over OTLP/HTTP become runs, calls, tokens and cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbill_exporters.agent.catalogue import FAMILIES
from watchbill_exporters.agent.otlp.config import OtlpConfig, OtlpSection, resolve
from watchbill_exporters.agent.otlp.feed import OtlpFeed
from watchbill_exporters.core.memory.tally.snapshot import Snapshot, described, metrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from watchbill_exporters.agent.hub import Hub
    from watchbill_exporters.core.resolver import Resolver


@dataclass(frozen=True)
class OtlpSource:
    """The feed of spans."""

    hub: Hub
    kind: str = "otlp"
    section: type[OtlpSection] = OtlpSection

    def resolve(self, section: OtlpSection, resolver: Resolver) -> OtlpConfig:
        return resolve(section, resolver)

    def connect(self, config: OtlpConfig) -> OtlpFeed:
        return OtlpFeed(self.hub, config)

    def describe(self) -> Iterable[Metric]:
        return described(FAMILIES)

    def families(self, snapshot: Snapshot) -> Iterable[Metric]:
        return metrics(snapshot)
