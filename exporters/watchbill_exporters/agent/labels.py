"""`labels:` the agents, models and tools one knows of, and how many others are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.agent.catalogue import FAMILIES
from watchbill_exporters.core.fields import Duration, Section
from watchbill_exporters.core.memory.tally.limits import MOST, Allowance
from watchbill_exporters.core.memory.tally.snapshot import Snapshot, described, metrics
from watchbill_exporters.core.memory.tally.store import SERIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from watchbill_exporters.agent.hub import Hub
    from watchbill_exporters.core.clock import Deadline
    from watchbill_exporters.core.contract import Task
    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.routes import Route

Values = tuple[str, ...]


class LabelsSection(Section):
    """Which label values are shown; known ones start at 0."""

    agents: Values = Field((), description="Agents whose series start at 0 and are never dropped.")
    models: Values = Field((), description="Models that are always shown under their name.")
    providers: Values = Field((), description="Providers that are always shown under their name.")
    tools: Values = Field((), description="Tools that are always shown under their name; see the tool manifest.")
    most: dict[str, int] = Field(
        default={}, description="How many other values of a label are shown, 100 where nothing is said; then `other`."
    )
    idle_after: Duration = Field(86_400.0, description="Counters that do not move for so long are dropped.")
    series_per_family: int = Field(SERIES, ge=100, le=10_000_000, description="More become `other`.")


@dataclass(frozen=True)
class LabelsConfig:
    """Allowances by label."""

    allowances: tuple[tuple[str, Allowance], ...]
    idle_after: float
    series: int


class LabelsFeed:
    """Receives nothing: it sets up the tally."""

    def __init__(self, hub: Hub, config: LabelsConfig) -> None:
        self._hub = hub
        hub.enter(self)
        self.adopt(config)

    def read(self, _: Deadline) -> Snapshot:
        return self._hub.read(self)

    def routes(self) -> Iterable[Route]:
        return ()

    def tasks(self) -> Iterable[Task]:
        return ()

    def adopt(self, config: LabelsConfig) -> None:
        self._hub.tally.configure(dict(config.allowances), idle_after=config.idle_after, series=config.series)

    def close(self) -> None:
        self._hub.leave(self)


@dataclass(frozen=True)
class LabelsSource:
    """The feed that is opened first, so that limits hold before anything is counted."""

    hub: Hub
    kind: str = "labels"
    section: type[LabelsSection] = LabelsSection

    def resolve(self, section: LabelsSection, _: Resolver) -> LabelsConfig:
        known = {
            "agent": section.agents,
            "model": section.models,
            "provider": section.providers,
            "tool": section.tools,
        }
        labels = sorted({*known, *section.most})
        allowances = ((n, Allowance(known.get(n, ()), section.most.get(n, MOST))) for n in labels)
        return LabelsConfig(tuple(allowances), section.idle_after, section.series_per_family)

    def connect(self, config: LabelsConfig) -> LabelsFeed:
        return LabelsFeed(self.hub, config)

    def describe(self) -> Iterable[Metric]:
        return described(FAMILIES)

    def families(self, snapshot: Snapshot) -> Iterable[Metric]:
        return metrics(snapshot)
