"""`experiments:` tasks from files, and from runs that have closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from watchbill_exporters.agent.catalogue import quality as names
from watchbill_exporters.agent.experiments.record import Trial, parse, trials
from watchbill_exporters.core.memory.source import InputSource
from watchbill_exporters.core.records.feed import InputFeed
from watchbill_exporters.core.records.section import FilesSection, tail_config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watchbill_exporters.agent.hub import Hub
    from watchbill_exporters.agent.listeners import ClosedRun
    from watchbill_exporters.core.memory.tally import Tally
    from watchbill_exporters.core.records.decode import Fields
    from watchbill_exporters.core.records.tail import TailConfig
    from watchbill_exporters.core.resolver import Resolver

NAME = "experiments"
GUARDRAILS = ("unsafe_tool", "pii", "escalation")


class ExperimentsSection(FilesSection):
    """Tasks of experiments, by variant."""

    known: dict[str, tuple[str, ...]] = Field(
        default={}, description="Variants by experiment; their series start at 0, so that no first event is missed."
    )


@dataclass(frozen=True)
class ExperimentsConfig:
    tail: TailConfig
    by_state: bool = True
    known: tuple[tuple[str, str], ...] = ()


class Experiments:
    """Handles lines, and listens to closed runs."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def configure(self, config: ExperimentsConfig) -> None:
        for known in config.known:
            for bucket in names.BUCKETS:
                for outcome in ("success", "error"):
                    self._tally.start(names.EXPERIMENT_TASKS, (*known, bucket, outcome))
                for family in (
                    names.EXPERIMENT_COST, names.EXPERIMENT_RESOLUTIONS, names.EXPERIMENT_RESOLUTION_SECONDS
                ):  # fmt: skip
                    self._tally.start(family, (*known, bucket))
            for guardrail in GUARDRAILS:
                self._tally.start(names.EXPERIMENT_GUARDRAILS, (*known, guardrail))

    def parse(self, fields: Fields) -> Trial:
        return parse(fields)

    def prepare(self, records: Sequence[Trial]) -> None:
        """Nothing is slow."""

    def apply(self, record: Trial) -> None:
        variant = (record.experiment, record.variant)
        cell = (*variant, record.bucket)
        if record.outcome:
            self._tally.add(names.EXPERIMENT_TASKS, (*cell, record.outcome))
        self._tally.add(names.EXPERIMENT_COST, cell, record.cost_usd)
        if record.resolution_seconds is not None:
            self._tally.add(names.EXPERIMENT_RESOLUTIONS, cell)
            self._tally.add(names.EXPERIMENT_RESOLUTION_SECONDS, cell, record.resolution_seconds)
        for guardrail in record.guardrails:
            self._tally.add(names.EXPERIMENT_GUARDRAILS, (*variant, guardrail))

    def run_closed(self, run: ClosedRun) -> None:
        for trial in trials(run):
            self.apply(trial)

    def look(self, now: float, *, caught_up: bool) -> None:
        """Nothing depends on time."""

    def show(self) -> None:
        """There are no gauges."""

    def export(self) -> None:
        """Everything is in the counters."""

    def restore(self, data: object) -> None:
        """Everything is in the counters."""


class ExperimentsFeed(InputFeed[ExperimentsConfig]):
    """Listens to runs while it is there."""

    hub: Hub

    def __init__(self, hub: Hub, config: ExperimentsConfig) -> None:
        self.experiments = Experiments(hub.tally)
        super().__init__(NAME, hub, self.experiments, config)
        hub.run_listeners.append(self.experiments)

    def close(self) -> None:
        self.hub.run_listeners.remove(self.experiments)
        super().close()


@dataclass(frozen=True)
class ExperimentsSource(InputSource):
    """Registered in agent/__init__.py."""

    hub: Hub
    kind: str = NAME
    section: type[ExperimentsSection] = ExperimentsSection

    def resolve(self, section: ExperimentsSection, resolver: Resolver) -> ExperimentsConfig:
        known = tuple((experiment, variant) for experiment, all_of in section.known.items() for variant in all_of)
        return ExperimentsConfig(*tail_config(section, resolver), known)

    def connect(self, config: ExperimentsConfig) -> ExperimentsFeed:
        return ExperimentsFeed(self.hub, config)
